import fc from 'fast-check';
import type { FakePeer } from '../../test/support/fake-peer.js';
import { settled } from '../../test/support/fake-peer.js';
import { RemoteMailboxStore } from '../../test/support/remote-mailbox-store.js';
import { SignalingNode } from '../../test/support/signaling-node.js';

const TTL = 600_000;
const MAILBOX_CLIENT = { query: { sid: '' } };

type Step =
  | { do: 'post'; count: number }
  /** The client connects; a fresh process knows of nothing, the same one says how far it has come. */
  | { do: 'connect'; fresh: boolean }
  | { do: 'hello again' }
  | { do: 'delivered'; behind: number }
  /** The socket ends; so many of the last unacknowledged frames never reached the client. */
  | { do: 'disconnect'; lost: number }
  | { do: 'pass'; ms: number }
  /** The client comes again when its mailbox is gone. */
  | { do: 'be away'; fresh: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('post' as const), count: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('connect' as const), fresh: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('hello again' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delivered' as const), behind: fc.nat({ max: 3 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('disconnect' as const), lost: fc.nat({ max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1000, TTL / 3, TTL) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('be away' as const), fresh: fc.boolean() }) },
);

interface Numbered {
  seq: number;
  payload: number;
}

/** B's mailbox as its clients may expect it, without a thought of how. */
class Box {
  last = 0;
  mail: Numbered[] = [];

  post(payload: number): void {
    this.mail.push({ seq: ++this.last, payload });
  }

  drop(upTo: number): void {
    if (upTo <= this.last) this.mail = this.mail.filter(({ seq }) => seq > upTo);
  }

  hello(watermark: number): void {
    if (watermark <= this.last) return this.drop(watermark);
    this.last = watermark;
    for (const mail of this.mail) mail.seq = ++this.last;
  }
}

/** Runs the steps on the server and on the model, and compares what B gets on each of its sockets. */
class Run {
  private readonly node = new SignalingNode();
  private box = new Box();
  private a!: FakePeer;
  private b: FakePeer | undefined;
  private posted = 0;
  /** What the client process that lives now has got, over all its sockets. */
  private got: Numbered[] = [];
  private acknowledged = 0;
  /** What it has to get on this socket, and how much of that was compared. */
  private expected: Numbered[] = [];
  private compared = 0;
  private leftAt = 0;

  async start(): Promise<void> {
    this.a = await this.node.join('A', MAILBOX_CLIENT);
    this.a.leave(); // it posts as one that comes and goes; only B keeps the room alive
    this.leftAt = this.node.clock.now();
    await settled();
  }

  async take(taken: Step): Promise<void> {
    switch (taken.do) {
      case 'post':
        for (let i = 0; i < taken.count; i++) await this.post();
        break;
      case 'connect':
        if (!this.b) await this.connect(taken.fresh);
        break;
      case 'hello again':
        if (this.b) await this.hello();
        break;
      case 'delivered':
        await this.delivered(taken.behind);
        break;
      case 'disconnect':
        await this.disconnect(taken.lost);
        break;
      case 'pass':
        await this.pass(taken.ms);
        break;
      case 'be away':
        await this.disconnect(0);
        await this.pass(TTL);
        await this.connect(taken.fresh);
    }
    this.compare();
  }

  private async post(): Promise<void> {
    const payload = ++this.posted;
    await this.node.mailbox.post(this.a.session, 'B', String(payload));
    await settled();
    this.box.post(payload);
    this.leftAt = this.node.clock.now();
    if (this.b) this.expected.push({ ...this.box.mail.at(-1)! });
  }

  private async connect(fresh: boolean): Promise<void> {
    if (fresh) {
      this.got = [];
      this.acknowledged = 0;
    }
    this.b = await this.node.join('B', MAILBOX_CLIENT);
    this.compared = 0;
    await this.hello();
    this.expected = this.box.mail.map((mail) => ({ ...mail }));
  }

  private async hello(): Promise<void> {
    const deliveredUpTo = this.got.at(-1)?.seq ?? 0;
    this.node.receive(this.b!, JSON.stringify({ type: 'hello', deliveredUpTo }));
    await settled();
    this.box.hello(deliveredUpTo);
  }

  private async delivered(behind: number): Promise<void> {
    const upTo = this.got.at(-1 - behind)?.seq;
    if (!this.b || upTo === undefined) return;
    this.node.receive(this.b, JSON.stringify({ type: 'delivered', upTo }));
    await settled();
    this.acknowledged = Math.max(this.acknowledged, upTo);
    this.box.drop(upTo);
  }

  private async disconnect(lost: number): Promise<void> {
    if (!this.b) return;
    this.b.leave();
    await settled();
    this.b = undefined;
    this.leftAt = this.node.clock.now();
    for (let i = 0; i < lost && this.expected.length > 0 && this.got.at(-1)!.seq > this.acknowledged; i++) {
      this.got.pop();
      this.expected.pop();
    }
  }

  private async pass(ms: number): Promise<void> {
    this.node.clock.advance(ms);
    await this.node.store.expire(this.node.clock.now());
    if (!this.b && this.node.clock.now() >= this.leftAt + TTL) this.box = new Box();
  }

  private compare(): void {
    if (!this.b) return;
    const mail = this.b.sent.slice(this.compared).map((frame) => JSON.parse(String(frame)) as Numbered);
    const news = this.expected.slice(this.compared);
    expect(mail.map(({ seq, payload }) => ({ seq, payload }))).toEqual(news);
    const before = this.expected[this.compared - 1]?.seq ?? news[0]?.seq ?? 0;
    expect(news.map(({ seq }) => seq - before)).toEqual(news.map((_, i) => (this.compared > 0 ? i + 1 : i)));
    for (const { payload } of news)
      if (this.got.some((earlier) => earlier.payload === payload)) throw new Error('twice');
    this.got.push(...news);
    this.compared = this.expected.length;
  }
}

describe('the mailbox, whatever happens', () => {
  it('gives a reader on every socket what the model gives it: in order, without gaps, nothing lost, nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
        const run = new Run();
        await run.start();
        for (const taken of steps) await run.take(taken);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the mailbox, whenever the answers of its store arrive', () => {
  const happening = fc.oneof(
    { weight: 3, arbitrary: fc.constant('post' as const) },
    { weight: 2, arbitrary: fc.constant('delivered' as const) },
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 4 }) },
  );

  it('gives a reader everything once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening), fc.array(happening), async (before, after) => {
        let store!: RemoteMailboxStore;
        const node = new SignalingNode({}, (limits) => (store = new RemoteMailboxStore(limits)));
        const a = await node.join('A', MAILBOX_CLIENT);
        const b = await node.join('B', MAILBOX_CLIENT);
        b.sent.length = 0;
        let posted = 0;
        for (const happens of [...before, 'hello' as const, ...after]) {
          if (happens === 'hello') node.receive(b, '{"type":"hello"}');
          else if (happens === 'post') node.receive(a, `{"type":"send","to":"B","payload":${++posted}}`);
          else if (happens === 'delivered') node.receive(b, `{"type":"delivered","upTo":${b.sent.length}}`);
          else store.arrive(happens); // so many answers in one packet
          if (typeof happens === 'number') await settled();
        }
        await store.arriveAll();
        const mail = b.texts.map((text) => JSON.parse(text) as Numbered);
        const all = Array.from({ length: posted }, (_, i) => i + 1);
        expect(mail.map(({ seq }) => seq)).toEqual(all);
        expect(mail.map(({ payload }) => payload)).toEqual(all);
      }),
      { numRuns: 200 },
    );
  });
});
