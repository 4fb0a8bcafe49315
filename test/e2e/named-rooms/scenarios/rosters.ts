import { randomUUID } from 'node:crypto';
import { RoomKey } from '../../../support/room-key.js';
import { RoomPeer } from '../../../support/room-peer.js';
import type { Nodes } from './nodes.js';

/** Many who come and go at once. */
export function rosters(nodes: Nodes): void {
  const node = (i: number): string => nodes()[i % 2]!;

  it('are right for each of 40 that join together', async () => {
    const room = randomUUID();
    const peers = await Promise.all(Array.from({ length: 40 }, (_, i) => RoomPeer.join(node(i), room)));
    for (const peer of peers) await peer.sees(...peers.filter((other) => other !== peer));
  });

  it('are right while half of them leave, return and displace each other', async () => {
    const room = randomUUID();
    const keys = Array.from({ length: 20 }, () => new RoomKey());
    const peers = await Promise.all(keys.map((key, i) => RoomPeer.join(node(i), room, key)));
    const leaving = peers.filter((_, i) => i % 2);
    const returned = await Promise.all(
      leaving.map(async ({ client, key }, i) => {
        if (i % 3 === 0) await client.close();
        if (i % 3 === 1) client.terminate();
        return RoomPeer.joinProven(node(i), room, key);
      }),
    );
    const there = [...peers.filter((peer) => !leaving.includes(peer)), ...returned];
    for (const peer of there) await peer.sees(...there.filter((other) => other !== peer));
  });

  it('have nobody announced who has not been welcomed, and whoever is announced is reached', async () => {
    const room = randomUUID();
    const first = await RoomPeer.join(node(0), room);
    const others = await Promise.all(Array.from({ length: 10 }, (_, i) => RoomPeer.open(node(i), room)));
    for (const other of others) other.register();
    for (let seen = 0; seen < others.length; seen++) {
      const { peerId } = await first.next('peer-joined', seen);
      first.send({ type: 'offer', to: peerId, sdp: {} });
    }
    for (const other of others) {
      await other.next('offer');
      expect(other.frames[0]!.type).toBe('welcome');
    }
    expect(first.errors).toEqual([]);
  });
}
