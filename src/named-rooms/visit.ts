import { ApiError } from '../core/errors.js';
import type { Room } from '../core/rooms/room.js';
import type { MessageBacklog } from '../core/websocket/backlog.js';
import type { Connection } from '../core/websocket/connection.js';
import type { Handshake } from '../core/websocket/handshake.js';
import type { Identity } from './identity.js';

/** All room keys of this protocol begin with it. */
export const ROOM_PREFIX = 'named:';

/** The characters of a URL that never need an escape; the number bounds what is kept and signed. */
const ROOM_NAME = /^[\w.~-]{1,128}$/;

/** A socket that speaks this protocol. */
export type Visitor = Connection<Visit>;

/** One socket in a room, first at the door and then, under its fingerprint, inside. */
export class Visit {
  /** What it has been asked to prove; undefined again as soon as it answers. */
  challenge: { identity: Identity; nonce: string } | undefined;
  /** What it sends while it is being let in; undefined when it is not. */
  backlog: MessageBacklog | undefined;
  /** Set once it has registered. */
  registered: { room: Room; id: string } | undefined;

  /** @param room the room's name, decoded: what a proof signs */
  private constructor(readonly room: string) {}

  /** @throws ApiError `invalid_room` */
  static from({ params }: Handshake): Visit {
    const room = params['room'] ?? '';
    if (!ROOM_NAME.test(room)) throw new ApiError('invalid_room');
    return new Visit(room);
  }

  get roomKey(): string {
    return ROOM_PREFIX + this.room;
  }
}
