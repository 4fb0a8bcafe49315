import type { Room } from '../core/rooms/room.js';
import type { MessageBacklog } from '../core/websocket/backlog.js';
import type { Connection } from '../core/websocket/connection.js';
import type { Handshake } from '../core/websocket/handshake.js';
import { MAX_KEY_LENGTH } from './sigver.frames.js';

/** All room keys of this protocol begin with it. */
export const ROOM_PREFIX = 'sigver:';

/** A socket that speaks this protocol. */
export type Peer = Connection<Session>;

/** One end's view of the way between a joiner and a member. */
export interface Binding {
  /** The signaling id, by which the member tells its joiners apart. */
  readonly id: number;
  /** The member id of the socket at the other end, on whichever node. */
  readonly partner: string;
  /** After `lastData` nothing more goes this way. */
  sends: boolean;
  receives: boolean;
}

/** What is kept for one socket. */
export class Session {
  /** The group this peer is a member of. */
  group: Room | undefined;
  /** The places of the members it has been bound to since it last joined. */
  readonly tried = new Set<string>();
  /** To the member it was bound to last; outlives its joining. */
  joining: Binding | undefined;
  /** From those bound to it, by signaling id. */
  readonly joiners = new Map<number, Binding>();
  /** Ticks since the client's last heartbeat. */
  missed = 0;
  /** What the client sends while a decision on it is under way. */
  backlog: MessageBacklog | undefined;

  private constructor(
    private readonly key: string,
    readonly favored: boolean,
  ) {}

  /** From a URL `…/<key>[?favored]`, whose key is the raw rest of the path. */
  static from({ params, query }: Handshake): Session {
    return new Session(params['key']!, query.has('favored'));
  }

  get hasGoodKey(): boolean {
    return this.key.length > 0 && this.key.length <= MAX_KEY_LENGTH;
  }

  get roomKey(): string {
    return ROOM_PREFIX + this.key;
  }
}
