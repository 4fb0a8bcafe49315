import { setImmediate } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { MemoryRoomDirectory } from '../../storage/memory/memory-room-directory.js';
import { LocalMembers } from './local-members.js';
import type { Member } from './member.js';
import type { Room } from './room.js';
import type { Claim, Entry, Terms } from './room-directory.js';
import { type Entering, RoomRegistry } from './room-registry.js';

/** A directory that may be slow to answer, and may fail. */
class FakeDirectory extends MemoryRoomDirectory {
  hold: Promise<void> = Promise.resolve();
  failing = false;

  override async enter(room: string, claim: Claim, terms: Terms, settle: (entry: Entry) => void): Promise<void> {
    await this.hold;
    if (this.failing) throw new Error('no directory');
    return super.enter(room, claim, terms, settle);
  }

  override async leave(room: string, claim: Claim, settle: (revision: number) => void): Promise<void> {
    if (this.failing) throw new Error('no directory');
    return super.leave(room, claim, settle);
  }
}

describe('RoomRegistry', () => {
  let directory: FakeDirectory;
  let members: LocalMembers;
  let clock: FakeClock;
  let rooms: RoomRegistry;
  let events: string[];

  beforeEach(() => {
    directory = new FakeDirectory();
    members = new LocalMembers();
    clock = new FakeClock();
    rooms = new RoomRegistry(directory, members, clock);
    events = [];
    rooms.observe('x:', {
      joined: (room, place, { id }) => events.push(`${id} joined ${room.key} as ${place} (${room.cards.get(place)})`),
      left: (room, place, { id }) => events.push(`${id} left ${room.key} as ${place}`),
    });
  });

  function member(id: string): Member {
    const made = { id } as Member;
    members.add(made);
    return made;
  }

  async function enter(key: string, place: string, who: Member, entering?: Entering): Promise<Room> {
    const entrance = await rooms.enter(key, place, who, entering);
    if (entrance.outcome !== 'entered') throw new Error(entrance.outcome);
    return entrance.room;
  }

  it('has a room from the first member on, who is reached in its place', async () => {
    const a = member('a');
    const room = await enter('x:1', 'A', a);
    expect(room).toBe(rooms.get('x:1'));
    expect([...room.members]).toEqual([['A', a]]);
    expect(room).toMatchObject({ key: 'x:1', since: clock.now() });
  });

  it('brings those who enter together into one room, which is as old as its first', async () => {
    const since = clock.now();
    const [a, b] = [member('a'), member('b')];
    const [one, other] = await Promise.all([rooms.enter('x:1', 'A', a), rooms.enter('x:1', 'B', b)]);
    const room = rooms.get('x:1')!;
    expect([one, other]).toEqual([
      { outcome: 'entered', room },
      { outcome: 'entered', room },
    ]);
    clock.advance(1000);
    await enter('x:1', 'C', member('c'));
    expect(room.since).toBe(since);
    expect([...room.members.values()].slice(0, 2)).toEqual([a, b]);
  });

  it('says why somebody does not get in, and changes nothing', async () => {
    const a = member('a');
    await enter('x:1', 'A', a);
    const { revision } = await rooms.look('x:1');
    expect(await rooms.enter('x:1', 'A', member('b'))).toEqual({ outcome: 'held' });
    expect(await rooms.enter('x:1', 'B', member('b'), { capacity: 1 })).toEqual({ outcome: 'full' });
    expect(await rooms.enter('x:1', 'B', member('b'), { revision: revision - 1 })).toEqual({ outcome: 'changed' });
    expect([...rooms.get('x:1')!.members]).toEqual([['A', a]]);
    expect(events).toHaveLength(1);
  });

  it('tells the protocol who comes and goes, with what the others may know', async () => {
    const a = member('a');
    const room = await enter('x:1', 'A', a, { card: 'Ann' });
    await enter('x:1', 'B', member('b'), { card: 'Bob' });
    rooms.leave(room, 'A', a);
    expect(events).toEqual(['a joined x:1 as A (Ann)', 'b joined x:1 as B (Bob)', 'a left x:1 as A']);
  });

  it('puts one member in the place of another in one step', async () => {
    const [a, b] = [member('a'), member('b')];
    const room = await enter('x:1', 'A', a);
    const { revision } = room;
    expect(await enter('x:1', 'B', b, { replacing: 'A', capacity: 1, revision })).toBe(rooms.get('x:1'));
    expect([...rooms.get('x:1')!.members]).toEqual([['B', b]]);
    expect(events.slice(1).sort()).toEqual(['a left x:1 as A', 'b joined x:1 as B ()']);
    rooms.leave(room, 'A', a);
    expect((await rooms.look('x:1')).claims.size).toBe(1);
  });

  it('shows a new card of a member that enters again, and keeps its turn', async () => {
    const a = member('a');
    const room = await enter('x:1', 'A', a, { card: 'Ann' });
    await enter('x:1', 'B', member('b'));
    await enter('x:1', 'A', a, { card: 'Anna' });
    expect([...room.cards]).toEqual([
      ['A', 'Anna'],
      ['B', ''],
    ]);
    expect(events).toHaveLength(2);
  });

  it('names the holder of a place', async () => {
    const a = member('a');
    await enter('x:1', 'A', a);
    expect(await rooms.holder('x:1', 'A')).toBe(a);
    expect(await rooms.holder('x:1', 'B')).toBeUndefined();
    expect(await rooms.holder('x:2', 'A')).toBeUndefined();
  });

  it('finds a socket by its id, wherever it is', () => {
    const a = member('a');
    expect([rooms.member('a'), rooms.member('b')]).toEqual([a, undefined]);
    members.delete(a);
    expect(rooms.member('a')).toBeUndefined();
  });

  it('rejects, and changes nothing, when the directory cannot be asked', async () => {
    directory.failing = true;
    await expect(rooms.enter('x:1', 'A', member('a'))).rejects.toThrow('no directory');
    expect(rooms.get('x:1')).toBeUndefined();
  });

  it('gives a place back at once, and to the directory', async () => {
    const a = member('a');
    const room = await enter('x:1', 'A', a);
    await enter('x:1', 'B', member('b'));
    rooms.leave(room, 'A', a);
    expect([...room.members.keys()]).toEqual(['B']);
    expect(rooms.get('x:1')).toBe(room);
    expect([...(await rooms.look('x:1')).claims.keys()]).toEqual(['B']);
    expect(room.revision).toBe((await rooms.look('x:1')).revision);
  });

  it('forgets a room with its last member; the next is another room', async () => {
    const a = member('a');
    const room = await enter('x:1', 'A', a);
    rooms.leave(room, 'A', a);
    expect(rooms.get('x:1')).toBeUndefined();
    clock.advance(5);
    const next = await enter('x:1', 'A', a);
    expect(next).not.toBe(room);
    expect(next.since).toBe(clock.now());
  });

  it('does nothing when somebody leaves a place that is not its own', async () => {
    const [a, b] = [member('a'), member('b')];
    const room = await enter('x:1', 'A', a);
    rooms.leave(room, 'A', b);
    rooms.leave(room, 'B', a);
    expect(room.members.get('A')).toBe(a);
    rooms.leave(room, 'A', a);
    rooms.leave(room, 'A', a);
    expect(events.filter((event) => event.includes('left'))).toHaveLength(1);
  });

  it('lets who comes while the last one goes into a room that is found', async () => {
    const [a, b] = [member('a'), member('b')];
    const room = await enter('x:1', 'A', a);
    const entering = enter('x:1', 'B', b);
    rooms.leave(room, 'A', a);
    expect(rooms.get('x:1') ?? (await entering)).toBe(await entering);
    expect(rooms.get('x:1')!.members.get('B')).toBe(b);
  });

  it('frees the place on this node also when the directory cannot be told', async () => {
    Logger.overrideLogger(false);
    const a = member('a');
    const room = await enter('x:1', 'A', a);
    directory.failing = true;
    rooms.leave(room, 'A', a);
    await setImmediate();
    expect(rooms.get('x:1')).toBeUndefined();
  });

  it('tells the rooms of one protocol', async () => {
    for (const key of ['nt:1', 'nt:2', 'named:1']) await enter(key, 'A', member(key));
    expect(Array.from(rooms.withPrefix('nt:'), ({ key }) => key)).toEqual(['nt:1', 'nt:2']);
    expect([...rooms.withPrefix('sigver:')]).toEqual([]);
  });
});
