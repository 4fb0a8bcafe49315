import { ApiError } from '../core/errors.js';
import type { Member } from '../core/rooms/member.js';
import type { Room } from '../core/rooms/room.js';
import type { Entrance } from '../core/rooms/room-registry.js';
import type { Connection } from '../core/websocket/connection.js';
import type { Handshake } from '../core/websocket/handshake.js';
import { parseUuid } from './uuid.js';
import type { Side } from './signaling.frames.js';

/** All room keys of this protocol begin with it. */
export const ROOM_PREFIX = 'nt:';

/** A socket that speaks this protocol. */
export type Peer = Connection<Seat>;

/** One client's place in a room of two, and how far its mail has come. */
export class Seat {
  /** Set while the side is this socket's. */
  room: Room | undefined;
  /** Who was on the other side when this socket got its own: it has made the room complete, and is the one to tell both. */
  completedWith: Member | undefined;
  /** The highest number written to this socket; undefined while no mail may flow. */
  cursor: number | undefined;
  /** Mail is being written; {@link mailWaits} tells the writer to look again. */
  writingMail = false;
  mailWaits = false;

  /**
   * @param dialect how mail is framed: a client that names a `sid` is the published mailbox client, which wants
   *   `deliver`, and nothing before its hello
   * @param explains whether unusable frames are answered with an error (`?errors=1`)
   */
  private constructor(
    readonly roomId: string,
    readonly side: Side,
    readonly dialect: 'deliver' | 'send',
    readonly explains: boolean,
  ) {}

  /** @throws ApiError `invalid_app_id` or `invalid_side`, in this order. */
  static from({ query }: Handshake): Seat {
    const roomId = parseUuid(query.get('appID') ?? '');
    if (roomId === undefined) throw new ApiError('invalid_app_id');
    const side = query.get('side');
    if (side !== 'A' && side !== 'B') throw new ApiError('invalid_side');
    return new Seat(roomId, side, query.has('sid') ? 'deliver' : 'send', query.get('errors') === '1');
  }

  /** The side is this socket's. */
  seated({ room }: Extract<Entrance, { outcome: 'entered' }>): void {
    this.room = room;
  }

  get roomKey(): string {
    return ROOM_PREFIX + this.roomId;
  }

  get otherSide(): Side {
    return this.side === 'A' ? 'B' : 'A';
  }
}
