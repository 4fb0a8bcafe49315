import { randomUUID } from 'node:crypto';
import { eventually } from '../../../support/eventually.js';
import { FakeClock } from '../../../support/fake-clock.js';
import type { Start, Started } from '../../../support/places.js';
import { dropSockets, passed, WsClient } from '../../../support/ws-client.js';
import { CHALLENGE_MS, HOLD_MS, join, joinAsRival, LOOK_MS, pair, REFUSAL_MS, ROOM_FULL, wsUrl } from '../peers.js';

const HELLO = '{"type":"hello","side":"A"}';
const OFFER = '{"type":"offer","sdp":"v=0"}';
const BUSY = { code: 1008, reason: 'side A busy' };

/** Who gets a side, wherever the newcomer and the holder are. */
export const contestScenarios = (start: Start) => (): void => {
  let server: Started;
  let room: string;
  const clock = new FakeClock();

  beforeAll(async () => {
    server = await start({ HEARTBEAT: '1h' }, clock);
  });
  beforeEach(() => {
    room = randomUUID();
  });
  afterEach(async () => {
    dropSockets();
    await eventually(() => server.open() === 0);
  });
  afterAll(async () => server.close());

  /** A holder that has sent a frame, its hold over. */
  const holder = async (options = {}): Promise<WsClient> => {
    const client = await WsClient.open(wsUrl(server, room, 'A'), options);
    client.send(HELLO);
    await client.settled();
    return client;
  };
  /** The newcomer has been challenged about: the holder has been asked, and has answered if it does. */
  const asked = async (client: WsClient) => {
    await eventually(() => expect(client.pings).toBeGreaterThan(0));
    await passed(client);
  };

  it('is refused with 1008 `side A busy`, after two seconds and not before', async () => {
    const held = await holder();
    const newcomer = await joinAsRival(server, room, 'A');
    newcomer.send(HELLO);
    await asked(held);
    clock.advance(REFUSAL_MS - 10);
    await newcomer.settled();
    expect(newcomer.closed).toBeUndefined();
    clock.advance(20);
    expect(await newcomer.end()).toEqual(BUSY);
    expect(held.closed).toBeUndefined();
  });

  it('is told its own side: `side B busy`', async () => {
    const { room: other, b } = await pair(server, clock);
    b.send(HELLO);
    const newcomer = await joinAsRival(server, other, 'B');
    await asked(b);
    clock.advance(REFUSAL_MS + 10);
    expect(await newcomer.end()).toEqual({ code: 1008, reason: 'side B busy' });
  });

  it('is not heard while it waits, nor after it was refused, and hears nothing', async () => {
    const held = await holder();
    const b = await join(server, room, 'B');
    const newcomer = await joinAsRival(server, room, 'A');
    newcomer.send(HELLO, OFFER, { type: 'send', to: 'B', payload: 'x' });
    b.send({ type: 'hello' }, { type: 'answer' });
    await passed(newcomer, b, held);
    await asked(held);
    clock.advance(REFUSAL_MS + 10);
    await newcomer.end();
    await passed(b, held);
    expect(newcomer.frames).toEqual([]);
    expect(b.frames).toEqual([ROOM_FULL]);
    expect(held.frames).toEqual([ROOM_FULL, '{"type":"answer"}']);
  });

  it('gets the side of a holder that answers no ping for 1.5 s', async () => {
    const dead = await holder({ autoPong: false });
    const newcomer = await joinAsRival(server, room, 'A');
    await eventually(() => expect(dead.pings).toBe(1));
    clock.advance(CHALLENGE_MS - 10);
    await newcomer.settled();
    expect(dead.closed).toBeUndefined();
    clock.advance(20);
    expect(await dead.end()).toMatchObject({ code: 1006 });
    await join(server, room, 'B');
    newcomer.send(OFFER);
    await eventually(() => expect([newcomer.closed, newcomer.frames]).toEqual([undefined, [ROOM_FULL]]));
  });

  it('gets the side of a dead holder by its hello, although another came before, which is silent', async () => {
    const dead = await holder({ autoPong: false });
    const silent = await join(server, room, 'A');
    const newcomer = await joinAsRival(server, room, 'A');
    newcomer.send(HELLO);
    await passed(newcomer, silent);
    clock.advance(CHALLENGE_MS + 10);
    expect(await dead.end()).toMatchObject({ code: 1006 });
    await join(server, room, 'B');
    await eventually(() => expect(newcomer.frames).toEqual([ROOM_FULL]));
    clock.advance(REFUSAL_MS);
    expect([1008, 4500]).toContain((await silent.end()).code);
    expect(newcomer.closed).toBeUndefined();
  });

  it('gets the side as soon as the holder goes, and room_full with it', async () => {
    const held = await holder();
    const b = await join(server, room, 'B');
    b.send({ type: 'hello' });
    const newcomer = await joinAsRival(server, room, 'A');
    newcomer.send(HELLO);
    await asked(held);
    await held.close();
    await eventually(() => expect([newcomer.frames, b.frames]).toEqual([[ROOM_FULL], [ROOM_FULL, ROOM_FULL]]));
    clock.advance(2 * REFUSAL_MS);
    await newcomer.settled();
    expect(newcomer.closed).toBeUndefined();
  });

  it('gets the side of a holder that has never sent a frame when it says hello: that one is closed with 4500', async () => {
    const silent = await join(server, room, 'A');
    clock.advance(HOLD_MS);
    const newcomer = await joinAsRival(server, room, 'A');
    newcomer.send(HELLO);
    expect(await silent.end()).toMatchObject({ code: 4500 });
    await join(server, room, 'B');
    await eventually(() => expect(newcomer.frames).toEqual([ROOM_FULL]));
  });

  it('does not get it by another frame than hello, nor in silence: both are refused', async () => {
    const silent = await join(server, room, 'A');
    clock.advance(HOLD_MS);
    const newcomers = [await joinAsRival(server, room, 'A'), await joinAsRival(server, room, 'A')];
    newcomers[0]!.send(OFFER, 'nonsense');
    await newcomers[0]!.settled();
    await asked(silent);
    clock.advance(REFUSAL_MS + 10);
    expect(await Promise.all(newcomers.map((newcomer) => newcomer.end()))).toEqual([BUSY, BUSY]);
    expect(silent.closed).toBeUndefined();
  });

  it('never displaces a holder that has spoken, however often it says hello', async () => {
    const held = await holder();
    const newcomer = await joinAsRival(server, room, 'A');
    newcomer.send(HELLO, HELLO, '{"type":"hello","sessionId":"x","deliveredUpTo":9}');
    await newcomer.settled();
    await asked(held);
    clock.advance(REFUSAL_MS + 10);
    expect(await newcomer.end()).toEqual(BUSY);
    expect(held.closed).toBeUndefined();
  });

  it('does not displace a holder that speaks before it says hello', async () => {
    const held = await join(server, room, 'A');
    const newcomer = await joinAsRival(server, room, 'A');
    held.send('nonsense is a frame too');
    await held.settled();
    newcomer.send(HELLO);
    await newcomer.settled();
    await passed(newcomer, held);
    clock.advance(REFUSAL_MS + 10);
    expect(await newcomer.end()).toEqual(BUSY);
    expect(held.closed).toBeUndefined();
  });

  it('does not count sid: an empty, the same or another one change nothing', async () => {
    const held = await WsClient.open(wsUrl(server, room, 'A', '&sid=one'));
    held.send(HELLO);
    await held.settled();
    const newcomers = await Promise.all(['', 'one', 'two'].map((sid) => joinAsRival(server, room, 'A', `&sid=${sid}`)));
    for (const newcomer of newcomers) newcomer.send(HELLO);
    await asked(held);
    clock.advance(REFUSAL_MS + 10);
    expect(await Promise.all(newcomers.map((newcomer) => newcomer.end()))).toEqual([BUSY, BUSY, BUSY]);
  });

  it('waits behind an earlier one, unless only it said hello', async () => {
    const held = await holder();
    const [first, second] = [await joinAsRival(server, room, 'A'), await joinAsRival(server, room, 'A')];
    second.send(HELLO);
    await second.settled();
    await held.close();
    clock.advance(LOOK_MS);
    const b = await join(server, room, 'B');
    await eventually(() => expect(second.frames).toEqual([ROOM_FULL]));
    expect(first.frames).toEqual([]);
    await second.close();
    first.send(OFFER);
    b.send({ type: 'hello' });
    await eventually(() => expect(b.frames).toEqual([ROOM_FULL, ROOM_FULL, OFFER]));
  });

  it('may give up: the holder hears nothing of it, and the side stays held', async () => {
    const held = await holder();
    const newcomer = await joinAsRival(server, room, 'A');
    await asked(held);
    newcomer.terminate();
    await newcomer.end();
    clock.advance(REFUSAL_MS + 10);
    const b = await join(server, room, 'B');
    b.send(OFFER);
    await passed(b, held);
    expect(held.frames).toEqual([ROOM_FULL, OFFER]);
  });
};
