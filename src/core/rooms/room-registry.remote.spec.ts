import { setImmediate } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { FAR, RegistryNode, shown } from '../../../test/support/registry-node.js';
import type { Room } from './room.js';

describe('RoomRegistry, with other nodes', () => {
  let node: RegistryNode;
  let room: Room;

  const ignore = (): void => {};

  beforeEach(async () => {
    Logger.overrideLogger(false);
    ({ node, room } = await RegistryNode.inRoom());
  });

  it('shows who enters and leaves elsewhere, and tells its protocol', async () => {
    await node.farEnters(FAR);
    expect(shown(room)).toEqual(['A', 'B (far)']);
    expect(room.cards.get('B')).toBe('Bob');
    await node.farLeaves(FAR);
    expect(shown(room)).toEqual(['A']);
    expect(node.events).toEqual(['far:1 joined as B', 'far:1 left B']);
  });

  it('shows those who are there already to who comes', async () => {
    await node.directory.enter('x:2', FAR, {}, ignore);
    const entrance = await node.rooms.enter('x:2', 'A', node.member());
    expect(entrance.outcome).toBe('entered');
    expect(shown(node.rooms.get('x:2')!)).toEqual(['A', 'B (far)'].reverse());
    expect((await node.rooms.holder('x:2', 'B'))?.id).toBe('far:1');
  });

  it('finds a holder elsewhere of a room it has nobody in, and forgets a room with its last own member', async () => {
    await node.directory.enter('x:2', FAR, {}, ignore);
    expect((await node.rooms.holder('x:2', 'B'))?.id).toBe('far:1');
    await node.farEnters(FAR);
    node.rooms.leave(room, 'A', room.members.get('A')!);
    expect(node.rooms.get('x:1')).toBeUndefined();
  });

  it('does not mind what it knows already', async () => {
    await node.farEnters(FAR);
    node.directory.tell({ room: 'x:1', revision: room.revision, left: [FAR], entered: [] });
    node.directory.tell({ room: 'x:1', revision: room.revision - 1, left: [FAR], entered: [] });
    node.directory.tell({ room: 'x:none', revision: 1, left: [FAR], entered: [] });
    expect(shown(room)).toEqual(['A', 'B (far)']);
  });

  it('looks again when it has missed a change', async () => {
    await node.directory.enter('x:1', FAR, {}, ignore);
    await node.farEnters({ ...FAR, place: 'C', member: 'far:2' });
    await setImmediate();
    expect(shown(room)).toEqual(['A', 'B (far)', 'C (far)']);
    expect(room.revision).toBe((await node.directory.look('x:1')).revision);
    expect(node.events.at(-1)).toBe('x:1 resumed');
  });

  it('looks again when its own leaving shows that it has missed a change', async () => {
    await node.enter('C');
    await node.directory.enter('x:1', FAR, {}, ignore);
    node.rooms.leave(room, 'C', room.members.get('C')!);
    await setImmediate();
    expect(shown(room)).toEqual(['A', 'B (far)']);
  });

  it('enters its members again whom somebody took for dead', async () => {
    const mine = (await node.directory.look('x:1')).claims.get('A')!;
    await node.farLeaves(mine);
    await setImmediate();
    expect([...(await node.directory.look('x:1')).claims.values()]).toEqual([mine]);
    expect(node.events).toEqual(['x:1 resumed']);
    expect(node.farewells).toEqual([]);
  });

  it('gives up a member whose place another node has given away', async () => {
    const b = await node.enter('B').then((entered) => entered.members.get('B')!);
    await node.farEnters(FAR, { replacing: 'B' });
    expect(room.members.get('B')?.id).toBe('far:1');
    expect(node.farewells).toEqual([{ code: 4500, reason: 'displaced' }]);
    expect(node.events.slice(1)).toEqual([`${b.id} left B`, 'far:1 joined as B']);
  });

  it('keeps the socket of a member whose place ended for another: its protocol is told', async () => {
    await node.enter('C');
    await node.farEnters(FAR, { replacing: 'C' });
    expect(shown(room)).toEqual(['A', 'B (far)']);
    expect(node.farewells).toEqual([]);
  });
});
