import { createInbox, type Msg } from '@nats-io/transport-node';
import type { NodesLink } from '../nodes/nodes-link.js';
import type { Stay } from './stays.js';
import {
  ASK_SUBJECT,
  encodeQuestion,
  encodeStays,
  parseQuestion,
  parseStays,
  STAYS_SUBJECT,
} from './whereabouts.frames.js';

/** What this node knows, as far as the others are concerned. */
export interface Knowledge {
  /** All stays that this node let in. */
  own(): Iterable<Stay>;
  find(user: string): Stay | undefined;
  learn(stays: Stay[]): void;
}

/**
 * Keeps the nodes' knowledge of who is where the same. Each tells the others what it lets in; whenever it reaches them it
 * tells all that it ever let in, and asks the others for theirs: so nothing is lost for good while NATS is away.
 */
export class StaysLink {
  private readonly inbox = createInbox();

  constructor(
    private readonly nodes: NodesLink,
    private readonly knowledge: Knowledge,
  ) {
    const learn = (message: Msg): void => knowledge.learn(parseStays(message.string()));
    nodes.subscribe(STAYS_SUBJECT, learn);
    nodes.subscribe(this.inbox, learn);
    nodes.subscribe(ASK_SUBJECT, (message) => this.answer(message));
    nodes.onUp(() => {
      this.tell(knowledge.own());
      this.ask();
    });
  }

  tell(stays: Iterable<Stay>, subject = STAYS_SUBJECT): void {
    for (const page of encodeStays(stays)) this.nodes.publish(subject, page);
  }

  /** Asks for one user, or for all. */
  ask(user?: string): void {
    this.nodes.publish(ASK_SUBJECT, encodeQuestion(user), this.inbox);
  }

  private answer(question: Msg): void {
    const user = parseQuestion(question.string());
    const found =
      user === undefined ? this.knowledge.own() : [this.knowledge.find(user)].filter((stay) => stay !== undefined);
    if (question.reply) this.tell(found, question.reply);
  }
}
