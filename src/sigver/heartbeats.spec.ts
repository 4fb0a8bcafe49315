import { SigverNode } from '../../test/support/sigver-node.js';
import { HEARTBEAT_MS } from './heartbeats.js';
import { HEARTBEAT } from './sigver.frames.js';

const BEAT = HEARTBEAT.toString('hex');

describe('heartbeats', () => {
  let node: SigverNode;
  beforeEach(() => (node = new SigverNode()));

  it('go to a client every five seconds from its connection on', () => {
    const peer = node.open();
    node.clock.advance(HEARTBEAT_MS - 1);
    expect(peer.sent).toEqual([]);
    node.clock.advance(1);
    expect(peer.sent).toEqual([BEAT]);
  });

  it('have reached a silent client exactly twice when it is closed with 4742, after 15 s', () => {
    const peer = node.open();
    node.clock.advance(3 * HEARTBEAT_MS - 1);
    expect([peer.sent, peer.closed]).toEqual([[BEAT, BEAT], undefined]);
    node.clock.advance(1);
    expect([peer.sent, peer.closed?.code]).toEqual([[BEAT, BEAT], 4742]);
    expect(node.metrics.closes.get('4742')).toBe(1);
  });

  it.each(['0801', '0800', '088100', '12000801'])(
    'of a client, as %s, keep it for as long as they come',
    async (frame) => {
      const peer = node.open();
      for (let n = 0; n < 10; n++) {
        node.clock.advance(2 * HEARTBEAT_MS);
        await peer.says(Buffer.from(frame, 'hex'));
      }
      expect([peer.sent.length, peer.closed]).toEqual([20, undefined]);
      node.clock.advance(3 * HEARTBEAT_MS);
      expect(peer.closed?.code).toBe(4742);
    },
  );

  it('are the only sign of life that counts', async () => {
    const peer = node.open();
    for (let n = 0; n < 3; n++) {
      await peer.connects(1);
      node.clock.advance(HEARTBEAT_MS);
    }
    expect(peer.closed?.code).toBe(4742);
  });

  it('end with the socket', () => {
    const [peer, other] = [node.open(), node.open()];
    peer.leave();
    node.clock.advance(HEARTBEAT_MS);
    expect([peer.sent, other.sent]).toEqual([[], [BEAT]]);
  });
});
