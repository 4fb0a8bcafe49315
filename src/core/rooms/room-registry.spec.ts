import { setImmediate } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { FakeClock } from '../../../test/support/fake-clock.js';
import type { Member } from './member.js';
import { type Claim, type Entry, RoomDirectory } from './room-directory.js';
import { RoomRegistry } from './room-registry.js';

/** Grants every place that it is not told to refuse, and answers when it is told. */
class FakeDirectory extends RoomDirectory {
  readonly refused = new Set<string>();
  readonly entered: Claim[] = [];
  readonly left: Claim[] = [];
  hold: Promise<void> = Promise.resolve();
  failing = false;

  async enter(_room: string, claim: Claim): Promise<Entry> {
    await this.hold;
    if (this.failing) throw new Error('no directory');
    this.entered.push(claim);
    return { entered: !this.refused.has(claim.place), others: [] };
  }

  async leave(_room: string, claim: Claim): Promise<void> {
    if (this.failing) throw new Error('no directory');
    this.left.push(claim);
  }
}

const member = (id: string): Member => ({ id }) as Member;

describe('RoomRegistry', () => {
  let directory: FakeDirectory;
  let clock: FakeClock;
  let rooms: RoomRegistry;

  beforeEach(() => {
    directory = new FakeDirectory();
    clock = new FakeClock();
    rooms = new RoomRegistry(directory, clock);
  });

  it('has a room from the first member on, who is reached in its place', async () => {
    const a = member('a');
    const room = await rooms.enter('x:1', 'A', a);
    expect(room).toBe(rooms.get('x:1'));
    expect([...room!.members]).toEqual([['A', a]]);
    expect(room).toMatchObject({ key: 'x:1', since: clock.now() });
  });

  it('brings those who enter together into one room, which is as old as its first', async () => {
    const since = clock.now();
    const [a, b] = [member('a'), member('b')];
    const [one, other] = await Promise.all([rooms.enter('x:1', 'A', a), rooms.enter('x:1', 'B', b)]);
    expect(one).toBe(other);
    clock.advance(1000);
    await rooms.enter('x:1', 'C', member('c'));
    expect(one!.since).toBe(since);
    expect(one!.members.get('A')).toBe(a);
    expect(one!.members.get('B')).toBe(b);
  });

  it('claims in the name of one node and of the member', async () => {
    await rooms.enter('x:1', 'A', member('a'));
    await rooms.enter('x:2', 'B', member('b'));
    const [a, b] = directory.entered;
    expect(a).toEqual({ place: 'A', node: b!.node, member: 'a' });
    expect(a!.node).not.toBe('');
  });

  it('answers undefined for a held place and changes nothing', async () => {
    directory.refused.add('A');
    expect(await rooms.enter('x:1', 'A', member('a'))).toBeUndefined();
    expect(rooms.get('x:1')).toBeUndefined();
  });

  it('rejects, and changes nothing, when the directory cannot be asked', async () => {
    directory.failing = true;
    await expect(rooms.enter('x:1', 'A', member('a'))).rejects.toThrow('no directory');
    expect(rooms.get('x:1')).toBeUndefined();
  });

  it('gives a place back at once, and to the directory under the same name', async () => {
    const a = member('a');
    const room = (await rooms.enter('x:1', 'A', a))!;
    await rooms.enter('x:1', 'B', member('b'));
    rooms.leave(room, 'A', a);
    expect([...room.members.keys()]).toEqual(['B']);
    expect(rooms.get('x:1')).toBe(room);
    expect(directory.left).toEqual([directory.entered[0]]);
  });

  it('forgets a room with its last member; the next is another room', async () => {
    const a = member('a');
    const room = (await rooms.enter('x:1', 'A', a))!;
    rooms.leave(room, 'A', a);
    expect(rooms.get('x:1')).toBeUndefined();
    clock.advance(5);
    const next = await rooms.enter('x:1', 'A', a);
    expect(next).not.toBe(room);
    expect(next!.since).toBe(clock.now());
  });

  it('does nothing when somebody leaves a place that is not its own', async () => {
    const [a, b] = [member('a'), member('b')];
    const room = (await rooms.enter('x:1', 'A', a))!;
    rooms.leave(room, 'A', b);
    rooms.leave(room, 'B', a);
    expect(room.members.get('A')).toBe(a);
    rooms.leave(room, 'A', a);
    rooms.leave(room, 'A', a);
    expect(directory.left).toHaveLength(1);
  });

  it('lets who comes while the last one goes into a room that is found', async () => {
    const [a, b] = [member('a'), member('b')];
    const room = (await rooms.enter('x:1', 'A', a))!;
    const entering = rooms.enter('x:1', 'B', b);
    rooms.leave(room, 'A', a);
    expect(rooms.get('x:1') ?? (await entering)).toBe(await entering);
    expect(rooms.get('x:1')!.members.get('B')).toBe(b);
  });

  it('frees the place on this node also when the directory cannot be told', async () => {
    Logger.overrideLogger(false);
    const a = member('a');
    const room = (await rooms.enter('x:1', 'A', a))!;
    directory.failing = true;
    rooms.leave(room, 'A', a);
    await setImmediate();
    expect(rooms.get('x:1')).toBeUndefined();
  });

  it('tells the rooms of one protocol', async () => {
    for (const key of ['nt:1', 'nt:2', 'named:1']) await rooms.enter(key, 'A', member(key));
    expect(Array.from(rooms.withPrefix('nt:'), ({ key }) => key)).toEqual(['nt:1', 'nt:2']);
    expect([...rooms.withPrefix('sigver:')]).toEqual([]);
  });
});
