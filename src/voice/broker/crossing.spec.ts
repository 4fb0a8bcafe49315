import type { Msg, NatsConnection, SubscriptionOptions } from '@nats-io/transport-node';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { rtp } from '../../../test/support/rtp.js';
import { speakerKey } from '../media/tap.js';
import { Crossing } from './crossing.js';
import { encodeHead, encodePresence, parsePresence, subjectsOf } from './crossing.frames.js';

const { packets, nodes } = subjectsOf('a');
const who = { user: 'u', client: 'c', levelId: 0 };
const speaker = { ...who, conversation: 'a', key: speakerKey(who) };
const head = encodeHead(who);

/** NATS as far as a node sees it: what it publishes, and what comes on its subscriptions. */
class FakeNats {
  readonly published: { subject: string; data: string | Uint8Array }[] = [];
  private readonly callbacks = new Map<string, (error: Error | null, message: Msg) => void>();

  readonly connection = {
    isClosed: () => false,
    publish: (subject: string, data: string | Uint8Array) => this.published.push({ subject, data }),
    subscribe: (subject: string, { callback }: SubscriptionOptions) => {
      this.callbacks.set(subject, callback as (error: Error | null, message: Msg) => void);
      return { unsubscribe: () => this.callbacks.delete(subject) };
    },
  } as unknown as NatsConnection;

  get subscribed(): string[] {
    return [...this.callbacks.keys()];
  }

  deliver(subject: string, text: string): void {
    this.callbacks.get(subject)?.(null, { data: Buffer.from(text), string: () => text } as unknown as Msg);
  }

  /** What was said about who listens since the last time. */
  said(): object[] {
    const said = this.published.filter(({ subject }) => subject === nodes);
    this.published.length = 0;
    return said.map(({ data }) => parsePresence(String(data)));
  }
}

describe('Crossing', () => {
  let clock: FakeClock;
  let nats: FakeNats;
  let crossing: Crossing;

  beforeEach(() => {
    clock = new FakeClock();
    nats = new FakeNats();
    crossing = new Crossing('me', clock, { heard: () => undefined, log: () => undefined });
    crossing.up(nats.connection);
  });

  const told = (listens: boolean, asks = false) =>
    nats.deliver(nodes, encodePresence({ node: 'other', listens, asks }));
  const send = (at = clock.now()) => crossing.publish(nats.connection, head, { packet: rtp(), speaker, at });

  it('asks on coming, answers who asks, repeats itself, and takes its leave', () => {
    crossing.listening('a', true);
    crossing.listening('a', true);
    expect(nats.said()).toEqual([{ node: 'me', listens: true, asks: true }]);
    told(true, true);
    expect(nats.said()).toEqual([{ node: 'me', listens: true, asks: false }]);
    clock.advance(5000);
    expect(nats.said()).toEqual([{ node: 'me', listens: true, asks: false }]);
    crossing.listening('a', false);
    expect(nats.said()).toEqual([{ node: 'me', listens: false, asks: false }]);
    expect(nats.subscribed).toEqual([]);
  });

  it('sends what is heard while another node listens', () => {
    crossing.listening('a', true);
    expect([crossing.hasAudience('a'), send()]).toEqual([false, 0]);
    told(true);
    expect([crossing.hasAudience('a'), send()]).toEqual([true, head.length + rtp().length]);
    expect(nats.published.at(-1)).toEqual({ subject: packets, data: Buffer.concat([head, rtp()]) });
    told(false);
    expect([crossing.hasAudience('a'), send(), crossing.sent]).toEqual([false, 0, 1]);
  });

  it('does not send what is older than half a second', () => {
    crossing.listening('a', true);
    told(true);
    expect(send(clock.now() - 500)).toBeGreaterThan(0);
    expect([send(clock.now() - 501), crossing.late]).toEqual([0, 1]);
  });

  it('forgets a node that is silent for 15 s, and all of them with the connection', () => {
    crossing.listening('a', true);
    told(true);
    clock.advance(10_000);
    expect(crossing.hasAudience('a')).toBe(true);
    clock.advance(5_000);
    expect(crossing.hasAudience('a')).toBe(false);
    told(true);
    crossing.down();
    expect(crossing.hasAudience('a')).toBe(false);
  });

  it('comes into all conversations again on a new connection', () => {
    crossing.listening('a', true);
    crossing.down();
    crossing.listening('b', true);
    const next = new FakeNats();
    crossing.up(next.connection);
    expect(next.subscribed.sort()).toEqual(['a', 'b'].flatMap((id) => Object.values(subjectsOf(id))).sort());
    expect(next.said()).toEqual([{ node: 'me', listens: true, asks: true }]);
  });

  it('counts what it cannot use', () => {
    crossing.listening('a', true);
    nats.deliver(packets, 'x');
    nats.deliver(nodes, '{}');
    expect([crossing.bad, crossing.received]).toEqual([2, 0]);
  });
});
