import { createInbox, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { type Log, NatsLink } from '../nats/nats-link.js';
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
  log: Log;
}

/**
 * Keeps the nodes' knowledge of who is where the same. Each tells the others what it lets in; whenever it reaches NATS it
 * tells all that it ever let in, and asks the others for theirs: so nothing is lost for good while NATS is away.
 */
export class StaysLink {
  private readonly inbox = createInbox();
  private readonly link: NatsLink;

  constructor(
    servers: readonly string[],
    private readonly knowledge: Knowledge,
  ) {
    this.link = new NatsLink(servers, 'signalbox whereabouts', {
      up: (connection) => this.greet(connection),
      down: () => undefined, // the next greeting makes up for what is missed
      log: knowledge.log,
    });
  }

  tell(stays: Iterable<Stay>, subject = STAYS_SUBJECT): void {
    const connection = this.live();
    if (!connection) return; // the next greeting tells
    for (const page of encodeStays(stays)) connection.publish(subject, page);
  }

  /** Asks for one user, or for all. */
  ask(user?: string): void {
    this.live()?.publish(ASK_SUBJECT, encodeQuestion(user), { reply: this.inbox });
  }

  close(ms: number): Promise<void> {
    return this.link.close(ms);
  }

  private live(): NatsConnection | undefined {
    const { connection } = this.link;
    return connection?.isClosed() ? undefined : connection;
  }

  private greet(connection: NatsConnection): void {
    const learn = (message: Msg): void => this.knowledge.learn(parseStays(message.string()));
    this.subscribe(connection, STAYS_SUBJECT, learn);
    this.subscribe(connection, this.inbox, learn);
    this.subscribe(connection, ASK_SUBJECT, (message) => this.answer(message));
    this.tell(this.knowledge.own());
    this.ask();
  }

  private answer(question: Msg): void {
    const user = parseQuestion(question.string());
    const found =
      user === undefined ? this.knowledge.own() : [this.knowledge.find(user)].filter((stay) => stay !== undefined);
    if (question.reply) this.tell(found, question.reply);
  }

  /** The library stops reading when a callback throws. */
  private subscribe(connection: NatsConnection, subject: string, handle: (message: Msg) => void): void {
    const callback = (error: Error | null, message: Msg): void => {
      try {
        if (error) throw error;
        if (message.data.length > 0) handle(message); // an empty one is NATS saying that nobody was asked
      } catch (reason) {
        this.knowledge.log('warn', `on ${subject}: ${String(reason)}`);
      }
    };
    connection.subscribe(subject, { callback });
  }
}
