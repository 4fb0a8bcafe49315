import type { Member } from './member.js';

/** A room as this node sees it while members of its own are in it. */
export class Room {
  /** By the place they hold, in order of entering; sockets of this node and of others. */
  readonly members = new Map<string, Member>();
  /** What each place shows of its member; as many as there are members. */
  readonly cards = new Map<string, string>();
  /** Those whose sockets this node has: whom it tells what happens in the room. */
  readonly locals = new Set<Member>();
  /** Of the roster that this is a copy of. */
  revision = 0;

  /**
   * @param key unique among all rooms of all protocols
   * @param since when this node's first member came, in ms since the epoch
   */
  constructor(
    readonly key: string,
    readonly since: number,
  ) {}
}

/** A protocol that wants to know who comes and goes in the rooms this node has members in, on whichever node they are. */
export interface RoomObserver {
  /** The member is in the room's lists already. Called for a member of this node within its `enter`. */
  joined?(room: Room, place: string, member: Member): void;

  /** The member is in the lists no more. */
  left?(room: Room, place: string, member: Member): void;

  /** This node had lost touch with the others: frames and notes for its members in the room may not have arrived. */
  resumed?(room: Room): void;
}
