import { randomUUID } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import { type Clock, SystemClock } from '../../core/clock.js';
import { type ConversationTap, noTap, type Speaker } from '../media/tap.js';
import { type Log, NatsLink } from '../nats/nats-link.js';
import { BITE_SUBJECT, encodeBite, STORE_SUBJECT } from './bite.js';
import { Crossing, type Heard } from './crossing.js';
import { type Envelope, makeEnvelope } from './envelope.js';
import { Outbox } from './outbox.js';
import type { TapCounter } from './tap-counters.js';

/** How long what waits at the end may take, in ms. */
const CLOSE_MS = 1000;

/** The tap of a media process with these NATS servers; none = nothing is tapped. */
export function openTap(servers: readonly string[], log: Log): ConversationTap {
  return servers.length === 0 ? noTap() : new NatsTap(servers, log, new SystemClock());
}

/** Every packet becomes a bite; those of conversations with listeners on other nodes go there as well. */
export class NatsTap implements ConversationTap {
  onRemote: ConversationTap['onRemote'] = () => undefined;
  private readonly outbox: Outbox<Heard>;
  private readonly crossing: Crossing;
  private readonly link: NatsLink;
  private readonly envelopes = new WeakMap<Speaker, Envelope>();
  private bites = 0;

  constructor(
    servers: readonly string[],
    log: Log,
    private readonly clock: Clock,
  ) {
    this.outbox = new Outbox(clock, (connection, heard) => this.write(connection, heard), log);
    this.crossing = new Crossing(randomUUID(), clock, {
      heard: (packet, speaker) => this.onRemote(packet, speaker),
      log,
    });
    this.link = new NatsLink(servers, 'signalbox voice', {
      up: (connection) => {
        this.crossing.up(connection);
        this.outbox.up(connection);
      },
      down: () => {
        this.crossing.down();
        this.outbox.down();
      },
      log,
    });
  }

  get counters(): Readonly<Record<TapCounter, number>> {
    return {
      bites: this.bites,
      bites_dropped: this.outbox.dropped,
      node_packets_sent: this.crossing.sent,
      node_packets_received: this.crossing.received,
      node_packets_late: this.crossing.late,
      node_messages_bad: this.crossing.bad,
      nats_connections: this.link.connections,
    };
  }

  heard(packet: Buffer, speaker: Speaker): void {
    this.outbox.push({ packet, speaker, at: this.clock.now() }, this.crossing.hasAudience(speaker.conversation));
  }

  listening(conversation: string, hasListeners: boolean): void {
    this.crossing.listening(conversation, hasListeners);
  }

  async close(): Promise<void> {
    this.outbox.flush();
    this.crossing.close();
    await this.link.close(CLOSE_MS);
  }

  /** Returns the bytes that this came to. */
  private write(connection: NatsConnection, { packet, speaker, at }: Heard): number {
    const envelope = this.envelopeOf(speaker);
    const { bite, store } = encodeBite(envelope.key, Math.floor(at / 1000), packet);
    connection.publish(BITE_SUBJECT, bite, envelope.options);
    connection.publish(STORE_SUBJECT, store, envelope.options);
    this.bites++;
    const crossed = this.crossing.publish(connection, envelope.head, { packet, speaker, at });
    return bite.length + store.length + 2 * envelope.headersLength + crossed;
  }

  private envelopeOf(speaker: Speaker): Envelope {
    const known = this.envelopes.get(speaker);
    if (known) return known;
    const envelope = makeEnvelope(speaker);
    this.envelopes.set(speaker, envelope);
    return envelope;
  }
}
