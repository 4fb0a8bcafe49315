import { Logger } from '@nestjs/common';
import { type FakePeer, settled } from '../../test/support/fake-peer.js';
import { SignalingNode } from '../../test/support/signaling-node.js';

const TTL = 600_000;
const MAILBOX_CLIENT = { query: { sid: '' } };

const deliver = (seq: number, payload: number, from = 'A'): string =>
  `{"type":"deliver","seq":${seq},"from":"${from}","payload":${payload}}`;
const send = (seq: number, payload: number): string => `{"type":"send","seq":${seq},"payload":${payload}}`;

describe('mail', () => {
  let node: SignalingNode;
  let a: FakePeer;

  beforeEach(async () => {
    node = new SignalingNode();
    a = await node.join('A', MAILBOX_CLIENT);
  });

  async function post(...payloads: number[]): Promise<void> {
    for (const payload of payloads) node.receive(a, `{"type":"send","to":"B","payload":${payload}}`);
    await settled();
  }

  async function says(peer: FakePeer, frame: object): Promise<void> {
    node.receive(peer, JSON.stringify(frame));
    await settled();
  }

  /** B connects as the published mailbox client does; what it gets beside room_full is mail. */
  async function reader(deliveredUpTo?: number): Promise<FakePeer> {
    const b = await node.join('B', MAILBOX_CLIENT);
    b.sent.length = 0;
    if (deliveredUpTo !== undefined) await says(b, { type: 'hello', deliveredUpTo });
    return b;
  }

  describe('for the mailbox client', () => {
    it('waits for a reader that is not there', async () => {
      await post(10, 20);
      expect((await reader(0)).texts).toEqual([deliver(1, 10), deliver(2, 20)]);
    });

    it('comes not before hello, whether it was there or comes in', async () => {
      await post(10);
      const b = await reader();
      await post(20);
      expect(b.texts).toEqual([]);
      await says(b, { type: 'hello' });
      expect(b.texts).toEqual([deliver(1, 10), deliver(2, 20)]);
    });

    it('comes when its sender is gone, though nobody told of it: its node may have died in between', async () => {
      const b = await reader(0);
      const { roomId } = a.session;
      await node.store.append({ room: roomId, side: 'B' }, 'A', '10', node.clock.now(), undefined);
      await settled();
      expect(b.texts).toEqual([]);
      a.leave();
      await settled();
      expect(b.texts).toEqual([deliver(1, 10)]);
    });

    it('comes at once to a reader that has said hello', async () => {
      const b = await reader(0);
      await post(10);
      expect(b.texts).toEqual([deliver(1, 10)]);
      await post(20, 30);
      expect(b.texts.slice(1)).toEqual([deliver(2, 20), deliver(3, 30)]);
    });

    it('goes on behind the watermark of a reader that comes again', async () => {
      await post(10, 20, 30);
      (await reader(0)).leave();
      expect((await reader(2)).texts).toEqual([deliver(3, 30)]);
    });

    it('comes again to a reader whose socket died before it had got it', async () => {
      const first = await reader(0);
      await post(10, 20);
      first.leave();
      expect((await reader(1)).texts).toEqual([deliver(2, 20)]);
    });

    it('comes never twice on one socket, however often it says hello', async () => {
      const b = await reader(0);
      await post(10, 20);
      for (const deliveredUpTo of [0, 1, 2]) await says(b, { type: 'hello', deliveredUpTo });
      await post(30);
      expect(b.texts).toEqual([deliver(1, 10), deliver(2, 20), deliver(3, 30)]);
    });

    it('may go to its own side, and to either', async () => {
      node.receive(a, '{"type":"hello"}');
      node.receive(a, '{"type":"send","to":"a","payload":1}');
      const b = await reader(0);
      node.receive(b, '{"type":"send","to":"A","payload":2}');
      await settled();
      expect(a.texts.filter((text) => text.includes('deliver'))).toEqual([deliver(1, 1, 'A'), deliver(2, 2, 'B')]);
    });

    it('comes in order and whole in any number', async () => {
      const numbers = Array.from({ length: 1000 }, (_, i) => i + 1);
      await post(...numbers.slice(0, 500));
      const b = await reader(0);
      await post(...numbers.slice(500));
      await settled();
      expect(b.texts).toEqual(numbers.map((i) => deliver(i, i)));
      expect(node.metrics.delivered).toBe(1000);
    });
  });

  describe('without a sid', () => {
    const withoutSid = async (): Promise<FakePeer> => {
      const b = await node.join('B');
      return Object.assign(b, { sent: b.sent.splice(1) });
    };

    it('comes as send once the hold is over, without a hello', async () => {
      await post(10);
      const b = await node.join('B');
      await post(20);
      expect(b.texts).toEqual(['{"type":"room_full"}', send(1, 10), send(2, 20)]);
    });

    it('comes from the oldest unacknowledged on', async () => {
      await post(10, 20, 30);
      const first = await withoutSid();
      await says(first, { type: 'delivered', upTo: 2 });
      first.leave();
      expect((await withoutSid()).texts).toEqual([send(3, 30)]);
    });

    it('comes not again for a hello that comes later', async () => {
      await post(10);
      const b = await withoutSid();
      await says(b, { type: 'hello', deliveredUpTo: 0 });
      expect(b.texts).toEqual([send(1, 10)]);
    });
  });

  describe('that is acknowledged', () => {
    it('is gone, for a fresh client too', async () => {
      await post(10, 20, 30);
      const b = await reader(0);
      await says(b, { type: 'delivered', upTo: 2 });
      b.leave();
      expect(await node.store.depth()).toMatchObject({ frames: 1 });
      expect((await reader(0)).texts).toEqual([deliver(3, 30)]);
    });

    it('is not, above the highest number', async () => {
      await post(10);
      const b = await reader(0);
      await says(b, { type: 'delivered', upTo: 2 });
      b.leave();
      expect((await reader(0)).texts).toEqual([deliver(1, 10)]);
    });
  });

  describe('in time', () => {
    const leaveAll = async (...peers: FakePeer[]): Promise<void> => {
      for (const peer of peers) peer.leave();
      await settled();
    };

    async function later(ms: number): Promise<void> {
      node.clock.advance(ms);
      await node.store.expire(node.clock.now());
    }

    it('is kept for ROOM_TTL after the last peer has left', async () => {
      await post(10);
      await later(TTL - 1000);
      await leaveAll(a);
      await later(TTL - 1);
      expect((await reader(0)).texts).toEqual([deliver(1, 10)]);
    });

    it('is gone after that, numbers included', async () => {
      await post(10);
      await leaveAll(a);
      await later(TTL);
      const b = await reader(0);
      a = await node.join('A', MAILBOX_CLIENT);
      b.sent.length = 0;
      await post(20);
      expect(b.texts).toEqual([deliver(1, 20)]);
    });

    it('is kept as long as anybody is in the room', async () => {
      await post(10);
      for (let i = 0; i < 20; i++) await later(TTL / 2);
      expect((await reader(0)).texts).toEqual([deliver(1, 10)]);
    });

    it('that was lost drops nothing: a reader with a watermark gets all that comes later, above it', async () => {
      await post(1, 2, 3);
      await leaveAll(await reader(0), a);
      await later(TTL);
      const b = await reader(3);
      await leaveAll(b);
      a = await node.join('A', MAILBOX_CLIENT);
      await post(10, 20, 30, 40);
      expect((await reader(3)).texts).toEqual([deliver(4, 10), deliver(5, 20), deliver(6, 30), deliver(7, 40)]);
    });
  });

  describe('for a slow reader', () => {
    it('waits in the store while more than WS_WRITE_BUF waits in the socket', async () => {
      const b = await reader(0);
      b.backlog = 5000;
      await post(10, 20, 30);
      expect(b.texts).toEqual([deliver(1, 10)]);
      b.drain();
      await settled();
      expect(b.texts).toEqual([deliver(1, 10), deliver(2, 20)]);
      b.backlog = 0;
      b.drain();
      await settled();
      expect(b.texts).toEqual([deliver(1, 10), deliver(2, 20), deliver(3, 30)]);
    });

    it('is there for its next socket when it gives up', async () => {
      const b = await reader(0);
      b.backlog = 5000;
      await post(10, 20, 30);
      b.leave();
      await settled();
      expect((await reader(1)).texts).toEqual([deliver(2, 20), deliver(3, 30)]);
    });
  });

  it('that could not be read comes with the next', async () => {
    Logger.overrideLogger(false);
    const b = await reader(0);
    jest.spyOn(node.store, 'read').mockRejectedValueOnce(new Error('store is away'));
    await post(10);
    await post(20);
    expect(b.texts).toEqual([deliver(1, 10), deliver(2, 20)]);
  });
});
