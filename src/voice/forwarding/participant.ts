import type { Owner } from '../media/contract.js';
import { speakerKey } from '../media/tap.js';
import type { Conversation } from './conversation.js';
import type { Listener } from './listener.js';
import type { Voice } from './voice.js';

/** A client of this node, wherever it is: it listens, and in a conversation it has a voice. */
export class Participant {
  readonly key: string;
  conversation: Conversation | undefined;
  voice: Voice | undefined;

  /** @param levelId the id under which its packets carry their audio level; 0 = they do not */
  constructor(
    readonly owner: Owner,
    readonly listener: Listener,
    readonly levelId: number,
  ) {
    this.key = speakerKey(owner);
  }
}
