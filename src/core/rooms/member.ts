/** One message as it is written to a peer: decoded text, or bytes. The endpoint decides whether it goes as text or binary. */
export type Frame = string | Buffer;

/** What a peer is told when its socket is closed: RFC 6455, 7.4. */
export interface Farewell {
  code: number;
  reason: string;
}

/**
 * Somebody in a room: a socket of this node, or one that another node holds. Who has a member cannot tell which.
 * Whatever one node does to a member arrives in the order in which it was done.
 */
export interface Member {
  /** Unique among all sockets of all nodes, and tells the node: see {@link nodeOf}. */
  readonly id: string;

  /** Writes a message; at most once, in order. Nothing happens when the peer is gone. */
  send(frame: Frame): void;

  /** Tells the protocol at the socket's own node something; nothing is written to the client. */
  note(note: string): void;

  /** Asks with a ping whether anybody is there: false when the socket is closing or shows no sign of life for 1.5 s. */
  challenge(): Promise<boolean>;

  /** Ends the socket; without a farewell when its peer is thought dead. It has left its rooms when this resolves. */
  evict(farewell?: Farewell): Promise<void>;

  /** Ends the socket if its peer has never sent a frame on it; resolves to whether it did. */
  displaceSilent(): Promise<boolean>;
}

/** The id of a node's member: the node's own, and a number. */
export function memberId(node: string, number: number): string {
  return `${node}:${number}`;
}

/** The node that has the member's socket. */
export function nodeOf(member: string): string {
  return member.slice(0, member.indexOf(':'));
}
