import { randomUUID } from 'node:crypto';
import { eventually } from '../../../support/eventually.js';
import { FakeClock } from '../../../support/fake-clock.js';
import type { Start, Started } from '../../../support/places.js';
import { dropSockets, passed, type WsClient } from '../../../support/ws-client.js';
import { both, HOLD_MS, join, joinAsRival, REFUSAL_MS, ROOM_FULL } from '../peers.js';

const HELLO = '{"type":"hello","side":"A"}';
const iceFrames = (count: number, padding = '') =>
  Array.from({ length: count }, (_, n) => `{"type":"ice","n":${n},"cand":"${padding}"}`);

/** What becomes of what a newcomer sends while it waits for its side, wherever the holder is. */
export const backlogScenarios = (start: Start) => (): void => {
  let server: Started;
  let room: string;
  let held: WsClient;
  let b: WsClient;
  const clock = new FakeClock();

  beforeAll(async () => {
    server = await start({ HEARTBEAT: '1h' }, clock);
  });
  beforeEach(async () => {
    room = randomUUID();
    [held, b] = [await join(server, room, 'A'), await join(server, room, 'B')];
    held.send(HELLO);
    b.send({ type: 'hello' });
    await both(held, b);
    b.frames.length = 0;
  });
  afterEach(async () => {
    dropSockets();
    await eventually(() => server.open() === 0);
  });
  afterAll(async () => server.close());

  it('is relayed in order once the side is its own, before what it sends then', async () => {
    const newcomer = await joinAsRival(server, room, 'A');
    const frames = iceFrames(50);
    newcomer.send(HELLO, ...frames.slice(0, 40));
    await newcomer.settled();
    expect(b.frames).toEqual([]);
    await held.close();
    newcomer.send(...frames.slice(40));
    await eventually(() => expect(b.frames).toEqual([ROOM_FULL, ...frames]));
  });

  it('is not lost when it is far more than the server keeps: the rest waits in the network', async () => {
    const newcomer = await joinAsRival(server, room, 'A');
    const frames = iceFrames(400, 'x'.repeat(10_000)); // 4 MB
    newcomer.send(HELLO, ...frames);
    await eventually(() => expect(held.pings).toBeGreaterThan(0));
    await held.settled();
    expect(b.frames).toEqual([]);
    await held.close();
    await eventually(() => expect(b.frames).toHaveLength(401));
    expect(b.frames).toEqual([ROOM_FULL, ...frames]);
  });

  it('counts for the mailbox as well, and its hello is the watermark', async () => {
    b.send(...['one', 'two', 'three'].map((payload) => ({ type: 'send', to: 'A', payload })));
    await passed(b, held);
    const newcomer = await joinAsRival(server, room, 'A', '&sid=');
    newcomer.send({ type: 'hello', deliveredUpTo: 1 }, { type: 'send', to: 'B', payload: 'from the newcomer' });
    await newcomer.settled();
    await held.close();
    await eventually(() =>
      expect(newcomer.frames).toEqual([
        ROOM_FULL,
        '{"type":"deliver","seq":2,"from":"B","payload":"two"}',
        '{"type":"deliver","seq":3,"from":"B","payload":"three"}',
      ]),
    );
    await eventually(() =>
      expect(b.frames.slice(-2)).toEqual([ROOM_FULL, '{"type":"send","seq":1,"payload":"from the newcomer"}']),
    );
  });

  it('is forgotten when it is refused, however much it was, and its socket is gone', async () => {
    const newcomer = await joinAsRival(server, room, 'A');
    newcomer.send(HELLO, ...iceFrames(400, 'x'.repeat(10_000)));
    await eventually(() => expect(held.pings).toBeGreaterThan(0));
    await held.settled();
    clock.advance(REFUSAL_MS + 10);
    expect(await newcomer.end()).toMatchObject({ code: 1008 });
    await passed(held, b);
    expect(b.frames).toEqual([]);
    await eventually(() => server.open() === 2, { timeout: 8_000 });
  });

  it('is forgotten when it breaks off, however much it was, and its socket is gone', async () => {
    const newcomer = await joinAsRival(server, room, 'A');
    newcomer.send(HELLO, ...iceFrames(400, 'x'.repeat(10_000)));
    await eventually(() => expect(held.pings).toBeGreaterThan(0));
    newcomer.terminate();
    clock.advance(REFUSAL_MS + 10);
    await eventually(() => server.open() === 2, { timeout: 8_000 });
    expect([held.closed, b.frames]).toEqual([undefined, []]);
  });

  it('is written to it no earlier than to any new socket, although the side became its own', async () => {
    const newcomer = await joinAsRival(server, room, 'A');
    await held.close();
    await eventually(() => expect(b.frames).toEqual([ROOM_FULL]));
    b.send({ type: 'answer' });
    await passed(b, newcomer);
    expect(newcomer.frames).toEqual([]);
    clock.advance(HOLD_MS);
    await newcomer.settled();
    expect(newcomer.frames).toEqual([ROOM_FULL, '{"type":"answer"}']);
  });
};
