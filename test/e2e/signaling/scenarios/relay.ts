import { randomUUID } from 'node:crypto';
import { FakeClock } from '../../../support/fake-clock.js';
import type { Start, Started } from '../../../support/places.js';
import { dropSockets, passed } from '../../../support/ws-client.js';
import { both, HOLD_MS, join, pair, ROOM_FULL } from '../peers.js';

/** What is relayed, and how, wherever the two sides are. */
export const relayScenarios = (start: Start) => (): void => {
  let server: Started;
  const clock = new FakeClock();

  beforeAll(async () => {
    server = await start({}, clock);
  });
  afterEach(dropSockets);
  afterAll(async () => server.close());

  it.each([
    '{"type":"offer","sdp":{"type":"offer","sdp":"v=0\\r\\n"}}',
    '{"type":"offer","sdp":"v=0"}',
    '{"type":"answer","sdp":{"type":"answer","sdp":"v=0\\r\\n"}}',
    '{"type":"ice","cand":{"candidate":"candidate:1 1 udp 1 192.0.2.1 1 typ host","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"x"}}',
    '{"type":"ice","cand":null}',
    '{"type":"sender_ready"}',
    '{"type":"iroh_offer","addr":{"id":"ae58ff8833241ac82d6ff7611046ed67b5072d142c588d0063e942d9a75502b6","addrs":[]}}',
  ])('reach the other side: %s', async (frame) => {
    const { a, b } = await pair(server, clock);
    a.send(frame);
    await passed(a, b);
    b.send(frame);
    await passed(b, a);
    expect([a.frames, b.frames]).toEqual([[frame], [frame]]);
  });

  it.each([
    ['blanks around and inside', ' \n\t{ "type" :\r\n "offer" , "sdp" : { } } \n'],
    ['the order of members', '{"z":1,"sdp":"v=0","a":2,"type":"offer"}'],
    ['unknown members', '{"type":"ice","cand":null,"trace":{"id":[1,2,{"x":null}]}}'],
    ['the text of numbers', '{"type":"ice","n":[1.50,-0,1e2,1E+2,12345678901234567890]}'],
    ['repeated members', '{"type":"nonsense","x":1,"x":2,"type":"offer"}'],
    ['escapes', '{"\\u0074ype":"\\u006fffer","sdp":"\\u00e9\\/\\ud83d\\ude00"}'],
    ['text beyond ASCII', '{"type":"offer","sdp":"é €  😀 \u2028 \u202e"}'],
    ['upper case in the type', '{"type":"OFFER","sdp":1}'],
    ['mixed case in the type', '{"type":"Ice","cand":null}'],
    ['upper case in sender_ready', '{"type":"SENDER_READY"}'],
    ['a payload that looks like a frame', '{"type":"answer","sdp":"{\\"type\\":\\"hello\\"}"}'],
    ['a number with thousands of digits', `{"type":"ice","n":${'9'.repeat(5000)}}`],
    ['very deep nesting', `{"type":"ice","cand":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ])('pass byte for byte: %s', async (_what, frame) => {
    const { a, b } = await pair(server, clock);
    a.send(frame);
    await passed(a, b);
    expect(b.frames).toEqual([frame]);
  });

  it('pass at every length at which a frame is written otherwise, in one go and in order', async () => {
    const { a, b } = await pair(server, clock);
    const lengths = [124, 125, 126, 127, 128, 65_534, 65_535, 65_536, 65_537, 200_000, 125, 1_048_576, 126];
    const frames = lengths.map((length) => `{"type":"ice","pad":"${'x'.repeat(length - 23)}"}`);
    expect(frames.map((frame) => frame.length)).toEqual(lengths);
    a.send(...frames);
    await passed(a, b);
    expect(b.frames.map((frame) => frame.length)).toEqual(lengths);
    expect(b.frames.every((frame, i) => frame === frames[i])).toBe(true);
  });

  it('leave as text what came in as binary', async () => {
    const { a, b } = await pair(server, clock);
    const frame = '{"type":"offer","sdp":"é😀"}';
    a.send(Buffer.from(frame));
    await passed(a, b);
    expect({ text: b.frames, binary: b.binary }).toEqual({ text: [frame], binary: [] });
  });

  it('are not sent back, nor into other rooms', async () => {
    const { a, b } = await pair(server, clock);
    const other = await pair(server, clock);
    a.send({ type: 'offer' });
    await passed(a, b, other.a, other.b);
    expect([a.frames, b.frames, other.a.frames, other.b.frames]).toEqual([[], ['{"type":"offer"}'], [], []]);
  });

  it('keep their order, 2,000 at once in both directions', async () => {
    const { a, b } = await pair(server, clock);
    const frames = (side: string) =>
      Array.from({ length: 2_000 }, (_, n) => `{"type":"ice","from":"${side}","n":${n}}`);
    a.send(...frames('A'));
    b.send(...frames('B'));
    await both(a, b);
    await both(a, b);
    expect(a.frames).toEqual(frames('B'));
    expect(b.frames).toEqual(frames('A'));
  });

  it('are not queued for a side that nobody holds: the next to come finds nothing', async () => {
    const room = randomUUID();
    const a = await join(server, room, 'A');
    a.send({ type: 'offer', sdp: 'stale' }, { type: 'ice', cand: null });
    await a.settled();
    const b = await join(server, room, 'B');
    clock.advance(HOLD_MS);
    a.send({ type: 'offer', sdp: 'fresh' });
    await passed(a, b);
    expect(b.frames).toEqual([ROOM_FULL, '{"type":"offer","sdp":"fresh"}']);
  });

  it('are not queued for a side that has left', async () => {
    const { room, a, b } = await pair(server, clock);
    await b.close();
    a.send({ type: 'offer', sdp: 'into the void' });
    await a.settled();
    const again = await join(server, room, 'B');
    again.send({ type: 'hello', side: 'B' });
    await again.settled();
    expect(again.frames).toEqual([ROOM_FULL]);
    a.send({ type: 'offer', sdp: 'fresh' });
    await passed(a, again);
    expect(again.frames).toEqual([ROOM_FULL, '{"type":"offer","sdp":"fresh"}']);
  });

  it('come after the hello of the CLI, which is not relayed, in one go', async () => {
    const { a, b } = await pair(server, clock);
    a.send({ type: 'hello', side: 'A' }, { type: 'offer' }, { type: 'ice', cand: null });
    await passed(a, b);
    expect(b.frames).toEqual(['{"type":"offer"}', '{"type":"ice","cand":null}']);
  });
};
