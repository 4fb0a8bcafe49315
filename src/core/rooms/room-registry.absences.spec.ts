import { setImmediate } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { FAR, RegistryNode, SharedDirectory, shown } from '../../../test/support/registry-node.js';
import type { Room } from './room.js';
import type { Entry } from './room-directory.js';

describe('RoomRegistry, when a node or the directory is gone', () => {
  let node: RegistryNode;
  let room: Room;

  const ignore = (): void => {};

  beforeEach(async () => {
    Logger.overrideLogger(false);
    ({ node, room } = await RegistryNode.inRoom());
  });

  it('restores all its rooms when the directory comes back empty, and gives up what others have taken', async () => {
    await node.enter('B');
    const empty = new SharedDirectory();
    await empty.enter('x:1', FAR, {}, ignore);
    Object.assign(node.directory, { rooms: Reflect.get(empty, 'rooms') as unknown });
    node.directory.comeBack();
    await setImmediate();
    expect(shown(room)).toEqual(['A', 'B (far)']);
    expect([...(await node.directory.look('x:1')).claims.keys()]).toEqual(['B', 'A']);
    expect(node.farewells).toEqual([{ code: 4500, reason: 'displaced' }]);
  });

  it('undoes no entry of which it has not heard yet', async () => {
    const { directory } = node;
    const enter = directory.enter.bind(directory);
    let hear!: () => void;
    const heard = new Promise<void>((resolve) => (hear = resolve));
    directory.enter = async (key, claim, terms, settle) => {
      let entry!: Entry;
      await enter(key, claim, terms, (answer) => (entry = answer));
      await heard;
      settle(entry);
    };
    const entering = node.enter('C');
    directory.comeBack();
    await setImmediate();
    hear();
    await entering;
    node.clock.advance(500);
    await setImmediate();
    expect(directory.restored).toEqual(['x:1']);
    expect([...(await directory.look('x:1')).claims.keys()]).toEqual(['A', 'C']);
    expect(node.farewells).toEqual([]);
  });

  it('tells of places given back while the directory was away when it is back', async () => {
    await node.enter('C');
    node.directory.reachable = false;
    node.rooms.leave(room, 'C', room.members.get('C')!);
    node.rooms.leave(room, 'A', room.members.get('A')!);
    await setImmediate();
    node.clock.advance(10_000);
    await setImmediate();
    expect(node.directory.restored).toEqual([]);
    node.directory.reachable = true;
    node.clock.advance(500);
    await setImmediate();
    expect((await node.directory.look('x:1')).claims.size).toBe(0);
  });

  it('ends what a node that is gone has left behind', async () => {
    await node.farEnters(FAR);
    await node.bus.gone('far');
    expect(shown(room)).toEqual(['A']);
    expect([...(await node.directory.look('x:1')).claims.keys()]).toEqual(['A']);
    expect(node.events).toEqual(['far:1 joined as B', 'far:1 left B']);
  });

  it('tells its protocols of the node, whichever rooms its members were in', async () => {
    const told: string[] = [];
    node.rooms.onGone((node) => told.push(node));
    await node.bus.gone('far');
    expect(told).toEqual(['far']);
  });

  it('fails to, and says so, while the directory is away: it is told again', async () => {
    await node.farEnters(FAR);
    node.directory.reachable = false;
    await expect(node.bus.gone('far')).rejects.toThrow('no directory');
    node.directory.reachable = true;
    await node.bus.gone('far');
    expect(shown(room)).toEqual(['A']);
  });

  it('asks the directory to remember its rooms, and enters those that it has not', async () => {
    node.rooms.onModuleInit();
    node.directory.keep = async () => ['x:1'];
    await node.directory.leave('x:1', (await node.directory.look('x:1')).claims.get('A')!, ignore);
    node.clock.advance(30_000);
    await setImmediate();
    node.clock.advance(500);
    await setImmediate();
    expect((await node.directory.look('x:1')).claims.size).toBe(1);
    node.rooms.onModuleDestroy();
  });
});
