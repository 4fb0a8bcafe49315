import { randomUUID } from 'node:crypto';
import { eventually } from '../../../support/eventually.js';
import { RoomPeer } from '../../../support/room-peer.js';
import type { Nodes } from './nodes.js';

/** Frames from one peer to another. */
export function relaying(nodes: Nodes): void {
  let a: RoomPeer;
  let b: RoomPeer;
  let c: RoomPeer;

  beforeEach(async () => {
    const [one, two] = nodes();
    const room = randomUUID();
    [a, b, c] = [await RoomPeer.join(one, room), await RoomPeer.join(two, room), await RoomPeer.join(one, room)];
    await a.sees(b, c);
    await b.sees(a, c);
  });

  /** What B has been sent since it joined, once a last frame has followed it. */
  const received = async (...frames: string[]): Promise<string[]> => {
    const last = `{"type":"answer","from":"${a.id}","last":true}`;
    a.send(...frames, `{"type":"answer","to":"${b.id}","last":true}`);
    await eventually(() => expect(b.client.frames.at(-1)).toBe(last), { timeout: 20_000 });
    return b.client.frames.slice(2, -1);
  };

  it.each([
    ['{"type":"offer","to":"$B","sdp":{"type":"offer","sdp":"v=0\\r\\n"}}', 'an offer'],
    ['{"type":"answer","to":"$B","sdp":{"type":"answer","sdp":"v=0\\r\\n"}}', 'an answer'],
    ['{"type":"ice-candidate","to":"$B","candidate":{"candidate":"x","sdpMLineIndex":0}}', 'a candidate'],
    ['{"type":"ice-candidate","to":"$B","candidate":null}', 'the end of candidates'],
    ['{"to":"$B","n":[1.50,-0,1e2,1E+2,12345678901234567890],"type":"offer"}', 'the text of numbers'],
    [' \n{ "z" : 1 ,\t"to":"$B","a":{ "b" : [ ] } , "type"\r\n:"offer" } ', 'blanks and the order of members'],
    ['{"type":"offer","sdp":"é € 😀 \u2028","to":"$B","\\u00e9":"\\ud83d\\ude00\\/"}', 'text beyond ASCII'],
    ['{"type":"offer","to":"$B","sdp":{"from":"x","to":"y","type":"z"}}', 'members of the same names further in'],
    ['{"type":"offer","to":"$B","x":1,"x":2,"__proto__":{"from":1}}', 'repeated and odd members'],
    ['{"\\u0074ype":"\\u006fffer","to":"$B"}', 'escapes'],
  ])('pass but for `to`: %s', async (frame) => {
    const [got] = await received(frame.replace('$B', b.id));
    expect(got).toBe(frame.replace('"to":"$B"', `"from":"${a.id}"`));
  });

  it.each([
    '{"type":"offer","from":"evil","to":"$B","n":1}',
    '{"type":"offer","to":"$B","n":1,"from":"evil"}',
    '{"\\u0066rom":"evil","type":"offer","to":"$B","n":1}',
    '{"from":"evil","type":"offer","f\\u0072om":{"a":[1]},"to":"$B","n":1, "from" : 1.50}',
    '{"type":"offer","to":"evil","\\u0074o":"$B","n":1}',
    '{"type":"welcome","type":"offer","to":["evil"],"to":"$B","n":1}',
  ])('have one `from`, one `type` and no `to`, however the sender spells its own: %s', async (frame) => {
    const [got] = await received(frame.replace('$B', b.id));
    expect(JSON.parse(got!)).toEqual({ type: 'offer', from: a.id, n: 1 });
    expect(got).not.toContain('evil');
    expect(got!.match(/"(from|f\\u0072om|\\u0066rom)"/g)).toEqual(['"from"']);
    expect(got!.match(/"type"/g)).toHaveLength(1);
  });

  it('go to nobody else, and not back', async () => {
    await received(`{"type":"offer","to":"${b.id}"}`);
    expect(c.frames.map(({ type }) => type)).toEqual(['welcome']);
    expect(a.frames.map(({ type }) => type)).toEqual(['welcome', 'peer-joined', 'peer-joined']);
  });

  it('keep their order, 500 at once both ways', async () => {
    const burst = (to: RoomPeer) => Array.from({ length: 500 }, (_, n) => ({ type: 'ice-candidate', to: to.id, n }));
    a.send(...burst(b));
    b.send(...burst(a));
    for (const peer of [a, b]) {
      await eventually(() => expect(peer.of('ice-candidate')).toHaveLength(500), { timeout: 20_000 });
      expect(peer.of('ice-candidate').map(({ n }) => n)).toEqual(Array.from({ length: 500 }, (_, n) => n));
    }
  });

  it('are as large as WS_MAX_MSG lets in, though they grow by two bytes', async () => {
    const frame = `{"type":"offer","to":"${b.id}","sdp":"`;
    const text = `${frame}${'x'.repeat(1_048_576 - frame.length - 2)}"}`;
    const [got] = await received(text);
    expect(got).toHaveLength(1_048_578);
  });

  it('to somebody who is not there are answered with an error', async () => {
    await c.client.close();
    await a.sees(b);
    for (const to of [c.id, 'nobody', '', '__proto__', 'constructor', b.id.toUpperCase(), a.id])
      a.send({ type: 'offer', to, sdp: {} });
    await a.told(...Array.from({ length: 7 }, () => 'unknown_peer'));
    expect(await received()).toEqual([{ type: 'peer-left', peerId: c.id }].map((frame) => JSON.stringify(frame)));
  });

  it('reach a peer in another room as little as one that does not exist', async () => {
    const elsewhere = await RoomPeer.join(nodes()[0], randomUUID());
    a.send({ type: 'offer', to: elsewhere.id, sdp: {} });
    await a.told('unknown_peer');
    expect(elsewhere.frames).toHaveLength(1);
  });
}
