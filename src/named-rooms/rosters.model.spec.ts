import fc from 'fast-check';
import { settled } from '../../test/support/fake-peer.js';
import { RoomKey } from '../../test/support/room-key.js';
import { type FakeVisitor, RoomsNode } from '../../test/support/rooms-node.js';
import { MemoryRoomDirectory } from '../storage/memory/memory-room-directory.js';
import type { Claim, Entry, Terms } from '../core/rooms/room-directory.js';

/** A directory far away: before and after each step others have their turn, in an order that the scheduler picks. */
class DistantDirectory extends MemoryRoomDirectory {
  constructor(private readonly scheduler: fc.Scheduler) {
    super();
  }

  override async enter(room: string, claim: Claim, terms: Terms, settle: (entry: Entry) => void): Promise<void> {
    await this.scheduler.schedule(Promise.resolve(), 'enter');
    await super.enter(room, claim, terms, settle);
    await this.scheduler.schedule(Promise.resolve(), 'entered');
  }

  override async look(room: string): ReturnType<MemoryRoomDirectory['look']> {
    await this.scheduler.schedule(Promise.resolve(), 'look');
    return super.look(room);
  }
}

type Step =
  | { do: 'connect'; isDead: boolean }
  | { do: 'register' | 'prove' | 'leave' | 'cut' | 'relay'; who: number; key: number }
  | { do: 'wait'; turns: number };

const KEYS = Array.from({ length: 5 }, () => new RoomKey());
const ROOM = 'lobby';
const CAPACITY = 4;

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('connect' as const), isDead: fc.boolean() }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('register', 'register', 'prove', 'prove', 'leave', 'cut', 'relay'),
      who: fc.nat(7),
      key: fc.nat(KEYS.length - 1),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), turns: fc.nat(4) }) },
);

/** Does one step of a client's, or lets a few things that are under way happen. */
async function run(node: RoomsNode, scheduler: fc.Scheduler, visitors: FakeVisitor[], step: Step): Promise<void> {
  if (step.do === 'connect') {
    const visitor = node.connect(ROOM);
    if (step.isDead) visitor.verdict = scheduler.schedule(Promise.resolve(false), 'no pong');
    visitors.push(visitor);
    return;
  }
  if (step.do === 'wait') {
    for (let turn = 0; turn < step.turns && scheduler.count() > 0; turn++) await scheduler.waitOne();
    return settled();
  }
  const visitor = visitors[step.who % Math.max(1, visitors.length)];
  const key = KEYS[step.key]!;
  if (!visitor || visitor.ended) return;
  switch (step.do) {
    case 'register':
      return node.register(visitor, key);
    case 'prove': {
      node.register(visitor, key, { proof: true });
      const nonce = visitor.frames('challenge').at(-1)?.nonce ?? '';
      return node.receive(visitor, Buffer.from(JSON.stringify({ type: 'prove', signature: key.prove(ROOM, nonce) })));
    }
    case 'relay':
      return node.receive(visitor, Buffer.from(`{"type":"offer","to":"${key.id}"}`));
    case 'leave':
      return visitor.close(1000, '');
    case 'cut':
      return visitor.leave();
  }
}

/** What everybody knows is a possible history, and at its end what the directory says. */
async function expectTruth(node: RoomsNode, visitors: FakeVisitor[]): Promise<void> {
  const { claims } = await node.rooms.look(`named:${ROOM}`);
  expect(claims.size).toBeLessThanOrEqual(CAPACITY);
  const registered = visitors.filter(({ ended, session }) => !ended && session.registered);
  expect(registered.map(({ session }) => session.registered!.id).sort()).toEqual([...claims.keys()].sort());
  for (const visitor of visitors) {
    const { roster } = visitor; // throws where it is no possible history
    if (!registered.includes(visitor)) continue;
    const others = [...claims].filter(([id]) => id !== visitor.session.registered!.id);
    expect([...roster!]).toEqual(others.map(([id, { card }]) => [id, JSON.parse(card) as object]));
  }
}

describe('the roster that a client rebuilds from its frames', () => {
  it('is the truth, however joining, proving, leaving and cuts fall together', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(step, { maxLength: 40 }), async (scheduler, steps) => {
        const node = new RoomsNode({ ROOMS_MAX_PEERS: String(CAPACITY) }, new DistantDirectory(scheduler));
        const visitors: FakeVisitor[] = [];
        for (const each of steps) {
          await run(node, scheduler, visitors, each);
          for (const { roster } of visitors) void roster; // no impossible history at any time
        }
        for (let quiet = 0; quiet < 3;) {
          if (scheduler.count() === 0) quiet++;
          else await scheduler.waitOne();
          await settled();
        }
        const truth = expectTruth(node, visitors);
        while (scheduler.count() > 0) await scheduler.waitOne();
        await truth;
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});
