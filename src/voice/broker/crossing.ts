import type { NatsConnection } from '@nats-io/transport-node';
import type { Clock, Timer } from '../../core/clock.js';
import type { Speaker } from '../media/tap.js';
import type { Log } from '../nats/nats-link.js';
import { BEAT_MS } from './audience.js';
import { CrossedConversation } from './crossed-conversation.js';

/** A packet that has waited longer than this, in ms, is a bite still, but no voice any more: nobody wants to hear it so late. */
const STALE_MS = 500;

/** A packet as a client of this node sent it. */
export interface Heard {
  packet: Buffer;
  speaker: Speaker;
  /** When it came, in ms since the epoch. */
  at: number;
}

/** What comes of other nodes' packets. */
export interface CrossingEvents {
  heard(packet: Buffer, speaker: Speaker): void;
  log: Log;
}

/**
 * Packets between nodes. A node listens to the subject of a conversation while it has clients in it, and publishes there
 * only while another node listens; the nodes tell each other on a second subject. A packet is published by the node that
 * heard it from its client, and by no other; NATS does not bring it back.
 */
export class Crossing {
  sent = 0;
  /** Packets that were too old to be sent. */
  late = 0;
  received = 0;
  /** Messages that could not be used. */
  bad = 0;
  private readonly conversations = new Map<string, CrossedConversation>();
  private readonly beat: Timer;
  private connection: NatsConnection | undefined;

  /** @param node names this node, or this life of it, among all */
  constructor(
    private readonly node: string,
    private readonly clock: Clock,
    private readonly events: CrossingEvents,
  ) {
    this.beat = clock.every(BEAT_MS, () => this.repeat());
  }

  listening(id: string, hasListeners: boolean): void {
    const known = this.conversations.get(id);
    if (hasListeners === (known !== undefined)) return;
    const connection = this.live();
    if (known) {
      this.conversations.delete(id);
      if (connection) known.close(connection);
      return;
    }
    const conversation = new CrossedConversation(id, this.node);
    this.conversations.set(id, conversation);
    if (connection) this.open(conversation, connection);
  }

  /** Whether another node listens to it. */
  hasAudience(id: string): boolean {
    return this.conversations.get(id)?.audience.isEmpty === false;
  }

  /**
   * Sends a packet to all nodes that listen; returns how many bytes went out.
   * @param head says whose it is
   */
  publish(connection: NatsConnection, head: Buffer, { packet, speaker, at }: Heard): number {
    const conversation = this.conversations.get(speaker.conversation);
    if (!conversation || conversation.audience.isEmpty) return 0;
    if (this.clock.now() - at > STALE_MS) {
      this.late++;
      return 0;
    }
    this.sent++;
    return conversation.publish(connection, head, packet);
  }

  up(connection: NatsConnection): void {
    this.connection = connection;
    for (const conversation of this.conversations.values()) this.open(conversation, connection);
  }

  down(): void {
    this.connection = undefined;
    for (const conversation of this.conversations.values()) conversation.cut();
  }

  /** Tells the others that nobody listens here any more. */
  close(): void {
    this.beat.cancel();
    for (const id of [...this.conversations.keys()]) this.listening(id, false);
  }

  private live(): NatsConnection | undefined {
    return this.connection?.isClosed() ? undefined : this.connection;
  }

  private open(conversation: CrossedConversation, connection: NatsConnection): void {
    conversation.open(connection, {
      packet: ({ data }) => {
        const { packet, speaker } = conversation.read(data);
        this.received++;
        this.events.heard(packet, speaker);
      },
      presence: (message) => conversation.told(connection, message.string(), this.clock.now()),
      error: (error) => {
        if (this.bad++ === 0) this.events.log('warn', `cannot use what another node sends: ${String(error)}`);
      },
    });
  }

  private repeat(): void {
    const connection = this.live();
    if (!connection) return;
    for (const conversation of this.conversations.values()) {
      conversation.audience.expire(this.clock.now());
      conversation.say(connection, { listens: true, asks: false });
    }
  }
}
