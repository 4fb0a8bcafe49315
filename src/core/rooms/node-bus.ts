import type { Farewell, Frame, Member } from './member.js';

/** What may be asked of a member of another node: see {@link Member}. */
export type Question = 'challenge' | 'evict' | 'displaceSilent';

/** Port: the other nodes, and how this one reaches them. */
export abstract class NodeBus {
  /** Frames, notes, questions and answers for other nodes that could not be sent, since the start. */
  dropped = 0;

  /** Somebody whose socket another node has; undefined where the id is not one of another node's. */
  abstract member(id: string): Member | undefined;

  /** Tells, repeatedly until the listener has succeeded, that a node with known members is gone, and they with it. */
  abstract onGone(listener: (node: string) => Promise<void>): void;

  /** This node is about to end: whoever wants the place of one of its members, on another node, may have it. */
  abstract retire(): Promise<void>;
}

/** How a {@link Member} of another node is reached. All that goes to one node arrives in the order of the calls. */
export interface Line {
  /** At most once; nothing happens when the node cannot be reached. */
  send(member: string, frame: Frame): void;

  note(member: string, note: string): void;

  /** The answer; undefined when there is none within {@link ANSWER_MS}. */
  ask(member: string, question: Question, farewell?: Farewell): Promise<boolean | undefined>;
}

/** How long another node may take to answer, in ms: longer than a challenge, shorter than a newcomer waits for its side. */
export const ANSWER_MS = 1800;

/** A cluster of one. */
export class NoOtherNodes extends NodeBus {
  member(): undefined {}

  onGone(): void {}

  async retire(): Promise<void> {}
}
