import { Logger } from '@nestjs/common';
import { eventually } from '../../../test/support/eventually.js';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { killRedisServers, RedisServer } from '../../../test/support/redis-server.js';
import { parseRedisUrl } from '../../config/redis-url.js';
import { LocalMembers } from '../../core/rooms/local-members.js';
import type { Member } from '../../core/rooms/member.js';
import { RedisLink } from './redis-link.js';
import { RedisNodeBus } from './redis-node-bus.js';

jest.setTimeout(120_000);

const PATIENCE = { timeout: 60_000 };

/** One node's bus, and what is done to a member of it. */
class Node {
  readonly members = new LocalMembers();
  readonly heard: string[] = [];
  readonly gone: string[] = [];
  returns = 0;
  readonly bus: RedisNodeBus;
  readonly member: string;
  answer: Promise<boolean> = Promise.resolve(true);

  constructor(
    readonly link: RedisLink,
    clock: FakeClock,
  ) {
    this.bus = new RedisNodeBus(link, this.members, clock);
    this.bus.onGone(async (node) => void this.gone.push(node));
    this.bus.onReturn(() => this.returns++);
    this.member = this.members.nextId();
    this.members.add({
      id: this.member,
      send: (frame) => void this.heard.push(String(frame)),
      note: (note) => void this.heard.push(`note ${note}`),
      challenge: () => this.answer,
      displaceSilent: () => this.answer,
      evict: async (farewell) => void this.heard.push(`evict ${farewell?.code}`),
    } satisfies Member);
  }
}

describe('RedisNodeBus', () => {
  let redis: RedisServer;
  let clock: FakeClock;
  let here: Node;
  let there: Node;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    redis = await RedisServer.start();
  });
  beforeEach(async () => {
    await redis.client.flushall();
    clock = new FakeClock();
    [here, there] = [await node(), await node()];
  });
  afterEach(() => {
    for (const { link } of [here, there]) link.onApplicationShutdown();
  });
  afterAll(killRedisServers);

  async function node(): Promise<Node> {
    const link = new RedisLink(parseRedisUrl(redis.url), clock);
    const made = new Node(link, clock);
    await link.onModuleInit();
    await eventually(() => made.returns === 1, PATIENCE);
    return made;
  }

  const lease = ({ members }: Node) => `signalbox:{node}:${members.node}`;

  /** Leases are renewed and looked at, as often as that happens in so many ms. */
  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 3000) {
      clock.advance(3000);
      // What a turn asks, and what it asks then, has been answered before this is.
      for (let i = 0; i < 4; i++) await eventually(() => here.link.command((redis) => redis.ping()), PATIENCE);
    }
  }

  it('carries frames, notes and farewells to another node, in order', async () => {
    const member = here.bus.member(there.member)!;
    const expected = Array.from({ length: 1000 }, (_, n) => `frame ${n}`);
    for (const frame of expected) member.send(Buffer.from(frame));
    member.note('mail');
    await member.evict({ code: 4500, reason: '' });
    expect(there.heard).toEqual([...expected, 'note mail', 'evict 4500']);
  });

  it('carries large frames without waiting for the tick to end, and in order with small ones', async () => {
    const member = here.bus.member(there.member)!;
    const frames = ['a', 'x'.repeat(200_000), 'b', 'y'.repeat(70_000), 'c'];
    for (const frame of frames) member.send(frame);
    await eventually(() => expect(there.heard).toEqual(frames), PATIENCE);
  });

  it('counts what it could not send', async () => {
    const publish = jest.spyOn(here.link, 'publish').mockReturnValueOnce(false);
    const member = here.bus.member(there.member)!;
    for (const frame of ['a', 'b', 'c']) member.send(frame);
    here.bus.flush();
    expect(here.bus.dropped).toBe(3);
    member.send('d');
    await here.bus.heardBy([there.members.node]);
    expect([here.bus.dropped, there.heard]).toEqual([3, ['d']]);
    publish.mockRestore();
  });

  it('brings back what the other node answers', async () => {
    const member = here.bus.member(there.member)!;
    expect(await member.challenge()).toBe(true);
    there.answer = Promise.resolve(false);
    expect([await member.challenge(), await member.displaceSilent()]).toEqual([false, false]);
  });

  it('takes a member that is no more for silent, and for gone', async () => {
    const member = here.bus.member(`${there.members.node}:99`)!;
    member.send('lost');
    expect([await member.challenge(), await member.displaceSilent()]).toEqual([false, false]);
    await member.evict();
    expect(there.heard).toEqual([]);
  });

  it('waits 1.8 s for an answer and no longer', async () => {
    there.answer = new Promise(() => undefined);
    const asked = here.bus.member(there.member)!.challenge();
    clock.advance(1790);
    expect(await Promise.race([asked, Promise.resolve('waiting')])).toBe('waiting');
    clock.advance(20);
    expect(await asked).toBe(true);
  });

  it('knows when another node has taken what was sent to it, and waits for a dead one no longer than 250 ms', async () => {
    here.bus.member(there.member)!.send('frame');
    await here.bus.heardBy([there.members.node]);
    expect(there.heard).toEqual(['frame']);
    const heard = here.bus.heardBy(['nobody']);
    clock.advance(240);
    expect(await Promise.race([heard, Promise.resolve('waiting')])).toBe('waiting');
    clock.advance(20);
    await heard;
  });

  it('has no member of this node, dead or alive', () => {
    expect(here.bus.member(here.member)).toBeUndefined();
    expect(here.bus.member(`${here.members.node}:99`)).toBeUndefined();
  });

  it('tells that a node whose lease has ended is gone, until that has been dealt with', async () => {
    here.bus.onModuleInit();
    here.bus.member(there.member);
    await pass(12_000);
    await redis.client.del(lease(there));
    here.bus.onGone(jest.fn().mockRejectedValueOnce(new Error('not yet')).mockResolvedValue(undefined));
    await pass(3000);
    await pass(3000);
    await eventually(() => expect(here.gone).toEqual([there.members.node, there.members.node]), PATIENCE);
    await pass(6000);
    expect(here.gone).toHaveLength(2);
  });

  it('judges nobody for 9 s after its own lease was lost', async () => {
    here.bus.onModuleInit();
    here.bus.member(there.member);
    await pass(12_000);
    await redis.client.flushall();
    await pass(9000);
    expect([here.gone, here.returns]).toEqual([[], 2]);
    await pass(6000);
    await eventually(() => expect(here.gone).toEqual([there.members.node]), PATIENCE);
  });

  it('knows who is about to end, at once', async () => {
    await there.bus.retire();
    expect(await here.bus.judge([there.members.node, here.members.node])).toEqual({
      gone: [],
      retiring: [there.members.node],
    });
    await there.bus.onApplicationShutdown();
    expect(await redis.client.exists(lease(there))).toBe(0);
  });
});
