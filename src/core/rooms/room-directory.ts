/** A place in a room, and the socket that holds it. */
export interface Claim {
  /** The place: a side, a fingerprint. At most one claim per room has it. */
  place: string;
  /** The node whose socket it is. */
  node: string;
  /** The member's id. */
  member: string;
}

export interface Entry {
  /** Whether the place is the claimant's now. */
  entered: boolean;
  /** Every other claim of the room; the holder of a refused place is among them. */
  others: Claim[];
}

/**
 * Port: who is in which room, and on which node. Rooms come and go with their claims.
 */
export abstract class RoomDirectory {
  /**
   * Takes the place unless another member holds it; atomic, so of two claimants one gets it, and of two that enter
   * together at least one sees the other.
   */
  abstract enter(room: string, claim: Claim): Promise<Entry>;

  /** Gives the place back. Does nothing when it is meanwhile held by somebody else. */
  abstract leave(room: string, claim: Claim): Promise<void>;
}
