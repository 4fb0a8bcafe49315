import { setImmediate } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { MemoryRoomDirectory } from '../../storage/memory/memory-room-directory.js';
import { LocalMembers } from './local-members.js';
import { type Farewell, type Member, memberId } from './member.js';
import { NodeBus } from './node-bus.js';
import type { Room } from './room.js';
import type { Change, Claim, Entry, Roster, Terms } from './room-directory.js';
import { RoomRegistry } from './room-registry.js';

/** What all nodes share, as one node sees it: reachable or not, and with changes that the test tells of. */
class SharedDirectory extends MemoryRoomDirectory {
  override reachable = true;
  restored: string[] = [];
  tell!: (change: Change) => void;
  comeBack!: () => void;

  override onChange(listener?: (change: Change) => void): void {
    this.tell = listener!;
  }

  override onReturn(listener?: () => void): void {
    this.comeBack = listener!;
  }

  override async enter(room: string, claim: Claim, terms: Terms, settle: (entry: Entry) => void): Promise<void> {
    this.assertReachable();
    return super.enter(room, claim, terms, (entry) => settle({ ...entry, claims: new Map(entry.claims) }));
  }

  override async leave(room: string, claim: Claim, settle: (revision: number) => void): Promise<void> {
    this.assertReachable();
    return super.leave(room, claim, settle);
  }

  override async restore(room: string, node: string, claims: Claim[], settle: (roster: Roster) => void): Promise<void> {
    this.assertReachable();
    this.restored.push(room);
    return super.restore(room, node, claims, settle);
  }

  private assertReachable(): void {
    if (!this.reachable) throw new Error('no directory');
  }
}

class OtherNodes extends NodeBus {
  private readonly listeners: ((node: string) => Promise<void>)[] = [];

  constructor(private readonly here: string) {
    super();
  }

  member(id: string): Member | undefined {
    return id.startsWith(this.here) ? undefined : ({ id } as Member);
  }

  onGone(listener: (node: string) => Promise<void>): void {
    this.listeners.push(listener);
  }

  async gone(node: string): Promise<void> {
    for (const listener of this.listeners) await listener(node);
  }

  async retire(): Promise<void> {}
}

describe('RoomRegistry, with other nodes', () => {
  let directory: SharedDirectory;
  let members: LocalMembers;
  let bus: OtherNodes;
  let clock: FakeClock;
  let rooms: RoomRegistry;
  let events: string[];
  let farewells: (Farewell | undefined)[];
  let room: Room;

  const ignore = (): void => {};
  const far: Claim = { place: 'B', member: memberId('far', 1), card: 'Bob' };
  const shown = ({ members, locals }: Room) =>
    Array.from(members, ([place, member]) => `${place}${locals.has(member) ? '' : ' (far)'}`);

  beforeEach(async () => {
    Logger.overrideLogger(false);
    directory = new SharedDirectory();
    members = new LocalMembers();
    bus = new OtherNodes(members.node);
    clock = new FakeClock();
    rooms = new RoomRegistry(directory, members, clock, bus);
    events = [];
    farewells = [];
    rooms.observe('x:', {
      joined: (_room, place, { id }) => events.push(`${id} joined as ${place}`),
      left: (_room, place, { id }) => events.push(`${id} left ${place}`),
      resumed: ({ key }) => events.push(`${key} resumed`),
    });
    room = await enter('A');
    events.length = 0;
  });

  function member(): Member {
    const made = {
      id: members.nextId(),
      evict: async (farewell?: Farewell) => void farewells.push(farewell),
    } as Member;
    members.add(made);
    return made;
  }

  async function enter(place: string): Promise<Room> {
    const entrance = await rooms.enter('x:1', place, member());
    if (entrance.outcome !== 'entered') throw new Error(entrance.outcome);
    return entrance.room;
  }

  /** Another node does something, and this one is told. */
  async function farEnters(claim: Claim, terms: Terms = {}): Promise<void> {
    let left: Claim[] = [];
    const before = (await directory.look('x:1')).claims.get(terms.replacing ?? '');
    if (before) left = [before];
    await directory.enter('x:1', claim, terms, ({ revision }) =>
      directory.tell({ room: 'x:1', revision, left, entered: [claim] }),
    );
  }

  async function farLeaves(claim: Claim): Promise<void> {
    await directory.leave('x:1', claim, (revision) =>
      directory.tell({ room: 'x:1', revision, left: [claim], entered: [] }),
    );
  }

  it('shows who enters and leaves elsewhere, and tells its protocol', async () => {
    await farEnters(far);
    expect(shown(room)).toEqual(['A', 'B (far)']);
    expect(room.cards.get('B')).toBe('Bob');
    await farLeaves(far);
    expect(shown(room)).toEqual(['A']);
    expect(events).toEqual(['far:1 joined as B', 'far:1 left B']);
  });

  it('shows those who are there already to who comes', async () => {
    await directory.enter('x:2', far, {}, ignore);
    const entrance = await rooms.enter('x:2', 'A', member());
    expect(entrance).toMatchObject({ outcome: 'entered', size: 2 });
    expect(shown(rooms.get('x:2')!)).toEqual(['A', 'B (far)'].reverse());
    expect((await rooms.holder('x:2', 'B'))?.id).toBe('far:1');
  });

  it('finds a holder elsewhere of a room it has nobody in, and forgets a room with its last own member', async () => {
    await directory.enter('x:2', far, {}, ignore);
    expect((await rooms.holder('x:2', 'B'))?.id).toBe('far:1');
    await farEnters(far);
    rooms.leave(room, 'A', room.members.get('A')!);
    expect(rooms.get('x:1')).toBeUndefined();
  });

  it('does not mind what it knows already', async () => {
    await farEnters(far);
    directory.tell({ room: 'x:1', revision: room.revision, left: [far], entered: [] });
    directory.tell({ room: 'x:1', revision: room.revision - 1, left: [far], entered: [] });
    directory.tell({ room: 'x:none', revision: 1, left: [far], entered: [] });
    expect(shown(room)).toEqual(['A', 'B (far)']);
  });

  it('looks again when it has missed a change', async () => {
    await directory.enter('x:1', far, {}, ignore);
    await farEnters({ ...far, place: 'C', member: 'far:2' });
    await setImmediate();
    expect(shown(room)).toEqual(['A', 'B (far)', 'C (far)']);
    expect(room.revision).toBe((await directory.look('x:1')).revision);
    expect(events.at(-1)).toBe('x:1 resumed');
  });

  it('looks again when its own leaving shows that it has missed a change', async () => {
    await enter('C');
    await directory.enter('x:1', far, {}, ignore);
    rooms.leave(room, 'C', room.members.get('C')!);
    await setImmediate();
    expect(shown(room)).toEqual(['A', 'B (far)']);
  });

  it('enters its members again whom somebody took for dead', async () => {
    const mine = (await directory.look('x:1')).claims.get('A')!;
    await farLeaves(mine);
    await setImmediate();
    expect([...(await directory.look('x:1')).claims.values()]).toEqual([mine]);
    expect(events).toEqual(['x:1 resumed']);
    expect(farewells).toEqual([]);
  });

  it('gives up a member whose place another node has given away', async () => {
    const b = await enter('B').then((entered) => entered.members.get('B')!);
    await farEnters(far, { replacing: 'B' });
    expect(room.members.get('B')?.id).toBe('far:1');
    expect(farewells).toEqual([{ code: 4500, reason: 'displaced' }]);
    expect(events.slice(1)).toEqual([`${b.id} left B`, 'far:1 joined as B']);
  });

  it('keeps the socket of a member whose place ended for another: its protocol is told', async () => {
    await enter('C');
    await farEnters(far, { replacing: 'C' });
    expect(shown(room)).toEqual(['A', 'B (far)']);
    expect(farewells).toEqual([]);
  });

  it('restores all its rooms when the directory comes back empty, and gives up what others have taken', async () => {
    await enter('B');
    const empty = new SharedDirectory();
    await empty.enter('x:1', far, {}, ignore);
    Object.assign(directory, { rooms: Reflect.get(empty, 'rooms') as unknown });
    directory.comeBack();
    await setImmediate();
    expect(shown(room)).toEqual(['A', 'B (far)']);
    expect([...(await directory.look('x:1')).claims.keys()]).toEqual(['B', 'A']);
    expect(farewells).toEqual([{ code: 4500, reason: 'displaced' }]);
  });

  it('tells of places given back while the directory was away when it is back', async () => {
    await enter('C');
    directory.reachable = false;
    rooms.leave(room, 'C', room.members.get('C')!);
    rooms.leave(room, 'A', room.members.get('A')!);
    await setImmediate();
    clock.advance(10_000);
    await setImmediate();
    expect(directory.restored).toEqual([]);
    directory.reachable = true;
    clock.advance(500);
    await setImmediate();
    expect((await directory.look('x:1')).claims.size).toBe(0);
  });

  it('ends what a node that is gone has left behind', async () => {
    await farEnters(far);
    await bus.gone('far');
    expect(shown(room)).toEqual(['A']);
    expect([...(await directory.look('x:1')).claims.keys()]).toEqual(['A']);
    expect(events).toEqual(['far:1 joined as B', 'far:1 left B']);
  });

  it('tells its protocols of the node, whichever rooms its members were in', async () => {
    const told: string[] = [];
    rooms.onGone((node) => told.push(node));
    await bus.gone('far');
    expect(told).toEqual(['far']);
  });

  it('fails to, and says so, while the directory is away: it is told again', async () => {
    await farEnters(far);
    directory.reachable = false;
    await expect(bus.gone('far')).rejects.toThrow('no directory');
    directory.reachable = true;
    await bus.gone('far');
    expect(shown(room)).toEqual(['A']);
  });

  it('asks the directory to remember its rooms, and enters those that it has not', async () => {
    rooms.onModuleInit();
    directory.keep = async () => ['x:1'];
    await directory.leave('x:1', (await directory.look('x:1')).claims.get('A')!, ignore);
    clock.advance(30_000);
    await setImmediate();
    clock.advance(500);
    await setImmediate();
    expect((await directory.look('x:1')).claims.size).toBe(1);
    rooms.onModuleDestroy();
  });
});
