import type { JsonWebKey } from 'node:crypto';

/** What a peer knows of another. */
export interface RosterEntry {
  publicKey: JsonWebKey;
  verified?: boolean;
}

export interface RoomFrame {
  type: string;
  peerId?: string;
  publicKey?: JsonWebKey;
  verified?: boolean;
  peers?: (RosterEntry & { id: string })[];
  code?: string;
  message?: string;
  nonce?: string;
  from?: string;
  [member: string]: unknown;
}

/**
 * The others in the room as a client can rebuild them from its frames, in order of joining; undefined before its welcome.
 * @throws where the frames are no possible history: somebody joins twice, leaves without being there, or is told early
 */
export function rosterFrom(frames: readonly RoomFrame[]): Map<string, RosterEntry> | undefined {
  let roster: Map<string, RosterEntry> | undefined;
  let self: string | undefined;
  for (const { type, peerId, publicKey, verified, peers, from } of frames) {
    if (type === 'welcome') {
      if (roster) throw new Error('a second welcome');
      self = peerId;
      roster = new Map(peers!.map(({ id, ...entry }) => [id, entry]));
      if (roster.size !== peers!.length || roster.has(self!)) throw new Error('a welcome with an id twice');
    } else if (type === 'peer-joined') {
      if (!roster) throw new Error('peer-joined before welcome');
      if (peerId === self || roster.has(peerId!)) throw new Error('somebody joined twice');
      roster.set(peerId!, verified ? { publicKey: publicKey!, verified } : { publicKey: publicKey! });
    } else if (type === 'peer-left') {
      if (!roster?.delete(peerId!)) throw new Error('somebody left who was not there');
    } else if (from !== undefined && !roster) throw new Error('a relayed frame before welcome');
  }
  return roster;
}
