/** One message as it is written to a peer: text, either decoded or as the bytes that were received. */
export type Frame = string | Buffer;

/**
 * Somebody in a room: a socket of this node, or one that another node holds. Who has a member cannot tell which.
 */
export interface Member {
  /** Unique among all sockets of all nodes. */
  readonly id: string;

  /** Writes a text message; at most once, in order. Nothing happens when the peer is gone. */
  send(frame: Frame): void;

  /** Asks with a ping whether anybody is there: false when the socket is closing or shows no sign of life for 1.5 s. */
  challenge(): Promise<boolean>;

  /** Ends the socket of a peer that is thought dead, without a farewell. It has left its rooms when this resolves. */
  evict(): Promise<void>;

  /** Ends the socket if its peer has never sent a frame on it; resolves to whether it did. */
  displaceSilent(): Promise<boolean>;
}
