import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { Settings } from '../../config/settings.js';
import { Degradable } from '../../core/degradable.js';
import { NatsLink } from '../nats/nats-link.js';
import { VoiceSwitch } from '../switch/voice-switch.js';

/** How long leaving NATS may take, in ms. */
const CLOSE_MS = 1000;

type Handle = (message: Msg) => void;

/**
 * What the servers of all nodes say to each other about voice, over NATS. Nothing waits for it, and without NATS nobody
 * is there: whoever uses it says again what matters whenever the link is up.
 */
@Injectable()
export class NodesLink extends Degradable implements OnModuleInit, OnModuleDestroy {
  readonly part = 'nats';
  private readonly logger = new Logger('voice');
  private readonly subscriptions: { subject: string; handle: Handle }[] = [];
  private readonly greetings: (() => void)[] = [];
  private link: NatsLink | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly voiceSwitch: VoiceSwitch,
  ) {
    super();
  }

  onModuleInit(): void {
    if (!this.voiceSwitch.on) return;
    const { nats } = this.settings;
    if (nats.length === 0) {
      this.logger.log('NATS is not set: conversations leave no bites, and stay on this node');
      return;
    }
    this.link = new NatsLink(nats, 'signalbox nodes', {
      up: (connection) => this.up(connection),
      down: () => undefined, // the next greetings make up for what is missed
      log: (level, message) => this.logger[level](message),
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.link?.close(CLOSE_MS);
  }

  degradation(): Readonly<Record<string, unknown>> | undefined {
    return this.link && !this.live() ? { connected: false } : undefined;
  }

  /** To be called before the modules start, as {@link onUp} is. */
  subscribe(subject: string, handle: Handle): void {
    this.subscriptions.push({ subject, handle });
  }

  /** Calls `greet` whenever the others can be reached anew. */
  onUp(greet: () => void): void {
    this.greetings.push(greet);
  }

  /** Tells the other nodes, not this one; at most once, and nothing while the link is down. */
  publish(subject: string, text: string, reply?: string): void {
    this.live()?.publish(subject, text, { reply });
  }

  private live(): NatsConnection | undefined {
    const connection = this.link?.connection;
    return connection?.isClosed() ? undefined : connection;
  }

  private up(connection: NatsConnection): void {
    for (const { subject, handle } of this.subscriptions) {
      connection.subscribe(subject, { callback: (error, message) => this.receive(subject, error, message, handle) });
    }
    for (const greet of this.greetings) greet();
  }

  /** The library stops reading when a callback throws. */
  private receive(subject: string, error: Error | null, message: Msg, handle: Handle): void {
    try {
      if (error) throw error;
      if (message.data.length > 0) handle(message); // an empty one is NATS saying that nobody was asked
    } catch (reason) {
      this.logger.warn(`on ${subject}: ${String(reason)}`);
    }
  }
}
