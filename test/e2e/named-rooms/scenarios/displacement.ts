import { randomUUID } from 'node:crypto';
import { eventually } from '../../../support/eventually.js';
import { RoomKey } from '../../../support/room-key.js';
import { RoomPeer } from '../../../support/room-peer.js';
import type { Nodes } from './nodes.js';

const PATIENCE = { timeout: 20_000 };
const DISPLACED = { code: 4500, reason: 'displaced' };

/** Two sockets with one key. */
export function displacement(nodes: Nodes): void {
  let room: string;
  let key: RoomKey;
  let bystander: RoomPeer;
  const before = ['welcome', 'peer-joined'];

  beforeEach(async () => {
    room = randomUUID();
    key = new RoomKey();
    bystander = await RoomPeer.join(nodes()[1], room);
  });

  const seenByBystander = (...types: string[]): Promise<void> =>
    eventually(() => expect(bystander.frames.map(({ type }) => type)).toEqual(types), PATIENCE);

  it('leaves a live holder in its place, and tells the newcomer, who may try again', async () => {
    const [one, two] = nodes();
    const holder = await RoomPeer.join(one, room, key);
    const newcomer = await RoomPeer.open(two, room, key);
    newcomer.register();
    await newcomer.told('id_in_use');
    expect(holder.client.closed).toBeUndefined();
    await seenByBystander(...before);
    await holder.client.close();
    await bystander.sees();
    newcomer.register();
    await bystander.sees(newcomer);
    await newcomer.sees(bystander);
  });

  it('gives the place of one that proved nothing to one that proves its key, at once', async () => {
    const [one, two] = nodes();
    const holder = await RoomPeer.join(one, room, key, { autoPong: false });
    const newcomer = await RoomPeer.joinProven(two, room, key);
    expect(await holder.client.end()).toEqual(DISPLACED);
    await seenByBystander(...before, 'peer-left', 'peer-joined');
    expect(bystander.roster?.get(key.id)).toEqual({ publicKey: key.jwk, verified: true });
    await newcomer.sees(bystander);
    bystander.send({ type: 'offer', to: key.id, sdp: 1 });
    await newcomer.next('offer');
  });

  it.each([
    ['proved', true],
    ['unproven', false],
  ])('leaves a live holder that proved its key in its place: the newcomer is %s', async (_how, isProven) => {
    const [one, two] = nodes();
    const holder = await RoomPeer.joinProven(one, room, key);
    const newcomer = await RoomPeer.open(two, room, key);
    if (isProven) await newcomer.prove();
    else newcomer.register();
    await newcomer.told('id_in_use');
    expect(holder.client.closed).toBeUndefined();
    await seenByBystander(...before);
  });

  it.each([
    ['proved', 'unproven'],
    ['unproven', 'unproven'],
    ['proved', 'proven'],
  ])('gives the place of a dead holder away: it had %s, the newcomer is %s', async (held, coming) => {
    const [one, two] = nodes();
    const holder = await RoomPeer.open(one, room, key, { autoPong: false });
    if (held === 'proved') await holder.prove();
    else holder.register();
    await holder.next('welcome');
    const newcomer = await RoomPeer.open(two, room, key);
    if (coming === 'proven') await newcomer.prove();
    else newcomer.register();
    await newcomer.sees(bystander);
    expect(await holder.client.end()).toMatchObject({ code: 1006 });
    await seenByBystander(...before, 'peer-left', 'peer-joined');
  });

  it('keeps what the newcomer sends meanwhile, in order', async () => {
    const [one, two] = nodes();
    await RoomPeer.join(one, room, key, { autoPong: false });
    const newcomer = await RoomPeer.open(two, room, key);
    newcomer.register();
    for (let n = 0; n < 20; n++) newcomer.send({ type: 'ice-candidate', to: bystander.id, n });
    newcomer.register();
    await newcomer.told('already_registered');
    await eventually(() => expect(bystander.of('ice-candidate')).toHaveLength(20), PATIENCE);
    expect(bystander.of('ice-candidate').map(({ n }) => n)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    expect(bystander.frames.map(({ type }) => type).slice(0, 4)).toEqual([...before, 'peer-left', 'peer-joined']);
  });

  it('lets a newcomer go while it waits: the dead holder goes too, and the place is free', async () => {
    const [one, two] = nodes();
    const holder = await RoomPeer.join(one, room, key, { autoPong: false });
    const newcomer = await RoomPeer.open(two, room, key);
    newcomer.register();
    await eventually(() => expect(holder.client.pings).toBeGreaterThan(0), PATIENCE);
    newcomer.client.terminate();
    await holder.client.end();
    await bystander.sees();
    await bystander.sees(await RoomPeer.join(one, room, key));
  });

  it('gives one of many that prove their key at once the place, and tells the others', async () => {
    const [one, two] = nodes();
    const holder = await RoomPeer.join(one, room, key);
    const newcomers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => RoomPeer.open(i % 2 ? one : two, room, key)),
    );
    await Promise.all(newcomers.map((newcomer) => newcomer.prove()));
    expect(await holder.client.end()).toEqual(DISPLACED);
    await eventually(() => {
      expect(newcomers.filter((newcomer) => newcomer.of('welcome').length)).toHaveLength(1);
      expect(newcomers.filter(({ errors }) => errors[0] === 'id_in_use')).toHaveLength(9);
    }, PATIENCE);
    await seenByBystander(...before, 'peer-left', 'peer-joined');
  });
}
