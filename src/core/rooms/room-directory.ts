/** A place in a room, and the socket that holds it. */
export interface Claim {
  /** The place: a side, a fingerprint. At most one claim per room has it. */
  place: string;
  /** The member's id, which tells its node as well. */
  member: string;
  /** What the others in the room may know of the member; any text of the protocol's. */
  card: string;
}

/** Who is in a room. */
export interface Roster {
  /**
   * Grows by one with each change and is never used again for another state of the room; 0 while nobody is in it.
   */
  revision: number;
  /** By place, in order of entering. Not the caller's: it may change after the call in which it was handed out. */
  claims: ReadonlyMap<string, Claim>;
}

/** What an entry depends on, beyond the place being free. */
export interface Terms {
  /** Most claims the room may have, this one included. */
  capacity?: number;
  /** The room must still be as it was at this revision. */
  revision?: number;
  /** A place whose claim ends in the same step. */
  replacing?: string;
}

/** The room after the step; unchanged unless the outcome is `entered`. */
export interface Entry extends Roster {
  /** `held` by another member, `full`, or `changed` since the revision of the terms; tested in the order changed, held, full. */
  outcome: 'entered' | 'held' | 'full' | 'changed';
}

/** What another node has done to a room, in one step. */
export interface Change {
  room: string;
  /** The room's after the step. */
  revision: number;
  /** The claims that ended: before those that began. */
  left: readonly Pick<Claim, 'place' | 'member'>[];
  /** The claims that began, or show another card now. */
  entered: readonly Claim[];
}

/**
 * Port: who is in which room, and on which node. Rooms come and go with their claims. All methods are atomic; what one
 * of them hands to its callback is handed over in the order of the revisions, and so is what others have done.
 */
export abstract class RoomDirectory {
  /** Whether what is called now has a chance to be done. */
  abstract readonly reachable: boolean;

  /**
   * Takes the place on these terms. Who holds the place already keeps its turn in the order and shows the new card. Of
   * two that claim one place one gets it, and of two that enter together at least one sees the other. A claim of a node
   * that is gone holds nothing.
   * @param settle called once, in order with all other changes of the room; never when this rejects
   */
  abstract enter(room: string, claim: Claim, terms: Terms, settle: (entry: Entry) => void): Promise<void>;

  /**
   * Gives the place back. Does nothing when it is meanwhile held by somebody else.
   * @param settle called as above with the revision then
   */
  abstract leave(room: string, claim: Claim, settle: (revision: number) => void): Promise<void>;

  /**
   * Makes a node's claims in the room those given: ends its others, and enters the missing where the place is free.
   * For what a node holds after the directory was out of reach; and, with no claims, for a node that is gone.
   * @param settle called as above
   */
  abstract restore(
    room: string,
    node: string,
    claims: readonly Claim[],
    settle: (roster: Roster) => void,
  ): Promise<void>;

  abstract look(room: string): Promise<Roster>;

  /** Keeps rooms that this node has members in from being forgotten; resolves to those that have been. */
  abstract keep(rooms: readonly string[]): Promise<string[]>;

  /** Tells of changes that other nodes make to rooms in which this one has claims. A gap in the revisions means one was lost. */
  abstract onChange(listener: (change: Change) => void): void;

  /** Tells when the directory can be reached again after it could not: what it holds may be lost, or old. */
  abstract onReturn(listener: () => void): void;
}
