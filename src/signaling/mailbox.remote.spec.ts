import { randomUUID } from 'node:crypto';
import { type FakePeer, settled } from '../../test/support/fake-peer.js';
import { RemoteMailboxStore } from '../../test/support/remote-mailbox-store.js';
import { SignalingNode } from '../../test/support/signaling-node.js';

const MAILBOX_CLIENT = { query: { sid: '' } };

/** What a store in another process changes: answers take their time, come together, and the store may be lost. */
describe('mail in a store far away', () => {
  let store: RemoteMailboxStore;
  let node: SignalingNode;
  let a: FakePeer;
  let b: FakePeer;

  beforeEach(async () => {
    node = new SignalingNode({}, (limits) => (store = new RemoteMailboxStore(limits)));
    a = await node.join('A', MAILBOX_CLIENT);
    b = await node.join('B', MAILBOX_CLIENT);
    b.sent.length = 0;
  });

  function post(...payloads: number[]): void {
    for (const payload of payloads) node.receive(a, `{"type":"send","to":"B","payload":${payload}}`);
  }

  function hello(deliveredUpTo: number): void {
    node.receive(b, JSON.stringify({ type: 'hello', deliveredUpTo }));
  }

  const mail = (): [number, number][] =>
    b.texts.map((text) => {
      const { seq, payload } = JSON.parse(text) as { seq: number; payload: number };
      return [seq, payload];
    });

  it('is told to nobody before it is stored', async () => {
    hello(0);
    await store.arriveAll();
    post(10);
    expect(store.pending).toBe(1);
    expect(b.sent).toEqual([]);
    await store.arriveAll();
    expect(mail()).toEqual([[1, 10]]);
  });

  it('is delivered also when it is stored just as a look into the box comes back empty', async () => {
    hello(0);
    store.arrive(); // the resume
    await new Promise(setImmediate);
    expect(store.pending).toBe(1); // the look into the empty box
    post(10);
    store.arrive(); // both in one packet
    await store.arriveAll();
    expect(mail()).toEqual([[1, 10]]);
  });

  it('is delivered once when hello and posts cross', async () => {
    post(10, 20);
    hello(0);
    post(30);
    store.arrive(2);
    post(40);
    await store.arriveAll();
    expect(mail()).toEqual([1, 2, 3, 4].map((i) => [i, i * 10]));
  });

  it('is not delivered any more when its reader says meanwhile that it has it', async () => {
    post(10, 20, 30);
    hello(0);
    store.arrive();
    await new Promise(setImmediate);
    expect(store.pending).toBe(1); // all three, on their way
    hello(2);
    await store.arriveAll();
    expect(mail()).toEqual([[3, 30]]);
  });

  it('is delivered once when it is acknowledged while it is read', async () => {
    hello(0);
    post(10, 20, 30);
    await store.arriveAll();
    node.receive(b, '{"type":"delivered","upTo":3}');
    post(40);
    node.receive(b, '{"type":"delivered","upTo":3}');
    await store.arriveAll();
    expect(mail()).toEqual([1, 2, 3, 4].map((i) => [i, i * 10]));
  });

  describe('that comes back empty', () => {
    beforeEach(async () => {
      hello(0);
      post(1, 2, 3);
      await store.arriveAll();
      b.sent.length = 0;
      store.lose();
    });

    it('goes on above what a live reader has seen', async () => {
      post(10);
      await store.arriveAll();
      post(20);
      await store.arriveAll();
      expect(mail()).toEqual([
        [4, 10],
        [5, 20],
      ]);
    });

    it.each([2, 3, 4, 10])('goes on above it with all of %i posts that come at once', async (count) => {
      const payloads = Array.from({ length: count }, (_, i) => 10 * (i + 1));
      post(...payloads);
      await store.arriveAll();
      expect(mail()).toEqual(payloads.map((payload, i) => [4 + i, payload]));
    });

    it('goes on above it, without a gap, for a reader that says hello once more', async () => {
      post(10);
      hello(3);
      post(20);
      await store.arriveAll();
      expect(mail()).toEqual([
        [4, 10],
        [5, 20],
      ]);
    });

    it('goes on above it for a reader that comes again, before and after it says hello', async () => {
      b.leave();
      post(10);
      b = await node.join('B', MAILBOX_CLIENT);
      b.sent.length = 0;
      hello(3);
      post(20);
      await store.arriveAll();
      expect(mail()).toEqual([
        [4, 10],
        [5, 20],
      ]);
    });
  });

  describe('that is away', () => {
    const back = async () => {
      store.away = false;
      node.clock.advance(1000);
      await store.arriveAll();
    };

    it('is delivered once the store is back: stored before, and not told yet', async () => {
      hello(0);
      await store.arriveAll();
      post(10);
      store.arrive();
      store.away = true; // between storing and reading
      await settled();
      expect(mail()).toEqual([]);
      node.clock.advance(5000);
      await settled();
      await back();
      expect(mail()).toEqual([[1, 10]]);
    });

    it('is delivered once it is back to who says hello meanwhile, after the watermark', async () => {
      post(10, 20, 30);
      await store.arriveAll();
      store.away = true;
      hello(1);
      await settled();
      await back();
      expect(mail()).toEqual([
        [2, 20],
        [3, 30],
      ]);
    });

    it('takes nothing: the sender is told, where it asks to be', async () => {
      const c = await node.join('A', { room: randomUUID(), query: { errors: '1' } });
      store.away = true;
      node.receive(c, '{"type":"send","to":"B","payload":1}');
      await settled();
      expect(JSON.parse(c.texts.at(-1)!)).toMatchObject({ type: 'error', code: 'unavailable' });
      expect(node.metrics.dropped.get('store_failed')).toBe(1);
    });

    it('is asked no more for a reader that has gone', async () => {
      store.away = true;
      hello(0);
      await settled();
      b.leave();
      await back();
      expect(store.pending).toBe(0);
    });
  });
});
