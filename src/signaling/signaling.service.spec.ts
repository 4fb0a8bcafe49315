import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { FakePeer, seatFor, settled } from '../../test/support/fake-peer.js';
import { SignalingNode } from '../../test/support/signaling-node.js';

describe('a room of two', () => {
  const ROOM_FULL = '{"type":"room_full"}';
  let node: SignalingNode;
  beforeEach(() => (node = new SignalingNode()));

  it('tells both when it is complete, and nobody before', async () => {
    const a = await node.join('A');
    expect(a.sent).toEqual([]);
    const b = await node.join('B');
    expect([a.texts, b.texts]).toEqual([[ROOM_FULL], [ROOM_FULL]]);
  });

  it('tells both again after every rejoin', async () => {
    const a = await node.join('A');
    for (let i = 1; i <= 3; i++) {
      const b = await node.join('B');
      expect(a.texts).toEqual(Array(i).fill(ROOM_FULL));
      b.leave();
    }
  });

  it('tells once that it is complete, although the other side changes hands before a socket is open', async () => {
    const former = await node.join('A');
    const b = new FakePeer(seatFor(node.room, 'B'));
    const claimed = node.service.claim(b.peer);
    former.leave();
    const a = await node.join('A');
    await claimed;
    node.service.opened(b.peer);
    expect([former.texts, a.texts, b.texts]).toEqual([[], [ROOM_FULL], [ROOM_FULL]]);
  });

  it('is one for all spellings of its UUID, and no other', async () => {
    const a = await node.join('A', { room: node.room.toUpperCase() });
    const stranger = await node.join('B', { room: randomUUID() });
    expect([a.sent, stranger.sent]).toEqual([[], []]);
    await node.join('B', { room: `{${node.room}}` });
    expect(a.texts).toEqual([ROOM_FULL]);
  });

  it('may have one side twice, one after the other', async () => {
    const a = await node.join('A');
    a.leave();
    const again = await node.join('A');
    const b = await node.join('B');
    expect([a.texts, again.texts, b.texts]).toEqual([[], [ROOM_FULL], [ROOM_FULL]]);
  });

  it('gives a waiting newcomer its side, says room_full, then handles what it said meanwhile', async () => {
    const [ghost, b] = [await node.join('A'), await node.join('B')];
    const next = await node.join('A');
    node.receive(next, '{"type":"hello"}');
    node.receive(next, '{"type":"offer","sdp":1}');
    await settled();
    expect(ghost.closed?.code).toBe(4500);
    expect(next.texts).toEqual([ROOM_FULL]);
    expect(b.texts).toEqual([ROOM_FULL, ROOM_FULL, '{"type":"offer","sdp":1}']);
  });
});

describe('a relayed frame', () => {
  let node: SignalingNode;
  let a: FakePeer;
  let b: FakePeer;

  beforeEach(async () => {
    node = new SignalingNode();
    [a, b] = [await node.join('A'), await node.join('B')];
    a.sent.length = b.sent.length = 0;
  });

  it.each(['offer', 'answer', 'ice', 'sender_ready', 'iroh_offer', 'OFFER'])(
    'reaches the other side only, as the very bytes that came: %s',
    (type) => {
      const frame = Buffer.from(` {"x":1.50, "type" : "${type}","type2":"é"}\n`);
      const before = Buffer.from(frame);
      node.receive(a, frame);
      expect(b.sent).toHaveLength(1);
      expect(b.sent[0]).toBe(frame);
      expect(frame.equals(before)).toBe(true);
      expect(a.sent).toEqual([]);
    },
  );

  it('is relayed also when it came as binary', () => {
    const frame = Buffer.from('{"type":"ice","cand":null}');
    node.receive(b, frame, true);
    expect(a.sent[0]).toBe(frame);
  });

  it('is dropped, not kept, where nobody is', async () => {
    b.leave();
    node.receive(a, '{"type":"offer"}');
    const next = await node.join('B');
    expect(next.texts).toEqual(['{"type":"room_full"}']);
    expect(node.metrics.dropped.get('peer_absent')).toBe(1);
  });

  it('keeps its place among others', () => {
    const frames = Array.from({ length: 50 }, (_, i) => `{"type":"ice","i":${i}}`);
    for (const frame of frames) node.receive(a, frame);
    expect(b.texts).toEqual(frames);
  });

  it.each([
    '{"type":"hello"}',
    '{"type":"delivered","upTo":0}',
    '{"type":"telemetry","event":"ice-failed"}',
    '{"type":"x"}',
    '[]',
    '',
  ])('is not: %j', async (frame) => {
    node.receive(a, frame);
    await settled();
    expect([a.sent, b.sent]).toEqual([[], []]);
  });
});

describe('an unusable frame', () => {
  it('is answered with nothing, and the socket lives on', async () => {
    const node = new SignalingNode();
    const a = await node.join('A');
    for (const frame of ['', '{', '[]', '{"type":"room_full"}', '{"type":"send","to":"C","payload":1}'])
      node.receive(a, frame);
    await settled();
    expect(a.sent).toEqual([]);
    expect(a.ended).toBe(false);
    expect(
      ['not_json', 'not_object', 'unknown_type', 'bad_target'].map((reason) => node.metrics.bad.get(reason)),
    ).toEqual([2, 1, 1, 1]);
  });

  it('is explained to who asked with errors=1', async () => {
    const node = new SignalingNode();
    const a = await node.join('A', { query: { errors: '1' } });
    node.receive(a, '{"type":"delivered","upTo":-1}');
    expect(a.texts.map((text) => JSON.parse(text) as unknown)).toEqual([
      { type: 'error', code: 'bad_number', message: expect.any(String) as string },
    ]);
  });

  it('ends the socket with 4501 when there are more than WS_BAD_FRAMES_PER_MIN within a minute', async () => {
    const node = new SignalingNode({ WS_BAD_FRAMES_PER_MIN: '3' });
    const a = await node.join('A');
    for (let i = 0; i < 3; i++) node.receive(a, 'x');
    expect(a.closed).toBeUndefined();
    node.receive(a, 'x');
    expect(a.closed?.code).toBe(4501);
  });

  it('is forgotten after a minute, and counts for its own socket only', async () => {
    const node = new SignalingNode({ WS_BAD_FRAMES_PER_MIN: '3' });
    const [a, b] = [await node.join('A'), await node.join('B')];
    for (let minute = 0; minute < 3; minute++) {
      for (let i = 0; i < 3; i++) for (const peer of [a, b]) node.receive(peer, 'x');
      node.clock.advance(60_000);
    }
    expect([a.closed, b.closed]).toEqual([undefined, undefined]);
  });

  it('never ends a socket with a limit of 0', async () => {
    const node = new SignalingNode({ WS_BAD_FRAMES_PER_MIN: '0' });
    const a = await node.join('A');
    for (let i = 0; i < 5000; i++) node.receive(a, 'x');
    expect(a.closed).toBeUndefined();
  });

  it('counts as well while a newcomer waits for its side', async () => {
    const node = new SignalingNode({ WS_BAD_FRAMES_PER_MIN: '3' });
    await node.join('A');
    const rival = await node.join('A');
    for (let i = 0; i < 4; i++) node.receive(rival, 'x');
    expect(rival.closed?.code).toBe(4501);
  });
});

describe('the store', () => {
  it('may fail: that is counted, and the socket lives on and is relayed', async () => {
    Logger.overrideLogger(false);
    const node = new SignalingNode();
    const [a, b] = [await node.join('A'), await node.join('B')];
    jest.spyOn(node.store, 'append').mockRejectedValue(new Error('lost'));
    node.receive(a, '{"type":"send","to":"B","payload":1}');
    await settled();
    expect(node.metrics.dropped.get('store_failed')).toBe(1);
    node.receive(a, '{"type":"offer"}');
    expect(b.texts.at(-1)).toBe('{"type":"offer"}');
  });

  it('may be full: that is counted, and told to who asked', async () => {
    const node = new SignalingNode({ MAILBOX_MAX_FRAMES: '1' });
    const a = await node.join('A', { query: { errors: '1' } });
    for (let i = 0; i < 2; i++) node.receive(a, '{"type":"send","to":"B","payload":1}');
    await settled();
    expect(node.metrics.dropped.get('mailbox_full')).toBe(1);
    expect(a.texts).toEqual([expect.stringContaining('"code":"mailbox_full"')]);
  });
});
