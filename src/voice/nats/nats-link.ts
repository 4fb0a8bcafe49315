import { setTimeout as delay } from 'node:timers/promises';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { awaitGreeting } from './greeting.js';
import { natsServers } from './nats-servers.js';

/** How long after a failure the next try begins, in ms: NATS is near, and bites wait. */
const RETRY_MS = 500;

/** How long a server may take to greet, in ms. */
const GREETING_MS = 5000;

/** A connection on which two pings in a row, this many ms apart, stay unanswered is dead. */
const PING_MS = 5000;

/** Something for the log. */
export type Log = (level: 'log' | 'warn' | 'error', message: string) => void;

/** What the owner of a link is told. */
export interface LinkEvents {
  /** There is a connection, new and without subscriptions. */
  up(connection: NatsConnection): void;
  /** It is gone. */
  down(): void;
  log: Log;
}

/**
 * A connection to NATS that is made as soon as it can be and again whenever it is lost, for ever. Nothing waits for it,
 * and what its own node publishes does not come back on it. The library's own reconnecting is switched off: it keeps
 * what is published meanwhile without a bound, and does not help at the start.
 */
export class NatsLink {
  /** The connection, while there is one. */
  connection: NatsConnection | undefined;
  /** How many there have been. */
  connections = 0;
  private readonly closing = new AbortController();

  /** @param name what NATS calls the connection in its own logs */
  constructor(
    private readonly servers: readonly string[],
    private readonly name: string,
    private readonly events: LinkEvents,
  ) {
    void this.run();
  }

  /** Ends it; what was published is written if that takes less than `ms`. */
  async close(ms: number): Promise<void> {
    this.closing.abort();
    const { connection } = this;
    if (!connection) return;
    const written = new AbortController();
    const late = delay(ms, undefined, { signal: written.signal }).catch(() => undefined);
    await Promise.race([connection.flush().catch(() => undefined), late]); // a connection that breaks has nothing to write
    written.abort();
    await connection.close();
  }

  private async run(): Promise<void> {
    const { signal } = this.closing;
    let told = false;
    while (!signal.aborted) {
      try {
        await this.live();
        told = false;
      } catch (error) {
        if (!told) this.events.log('warn', `NATS cannot be reached, trying again and again: ${String(error)}`);
        told = true;
      }
      await delay(RETRY_MS * (0.5 + Math.random()), undefined, { signal, ref: false }).catch(() => undefined); // closing
    }
  }

  /** Resolves when a connection has come and gone; rejects if there was none. */
  private async live(): Promise<void> {
    const connection = await this.connectToAny();
    if (this.closing.signal.aborted) return connection.close();
    this.connection = connection;
    this.connections++;
    this.events.log('log', 'connected to NATS');
    this.events.up(connection);
    await connection.closed();
    this.connection = undefined;
    this.events.down();
    if (!this.closing.signal.aborted) this.events.log('warn', 'lost NATS, trying to reach it again');
  }

  /** To the first server that greets, in the order of the setting. @throws what the last one failed with */
  private async connectToAny(): Promise<NatsConnection> {
    const { servers, ...options } = natsServers(this.servers);
    let failure: unknown;
    for (const server of servers) {
      try {
        await awaitGreeting(server, GREETING_MS, this.closing.signal);
        return await connect({
          ...options,
          servers: server,
          name: this.name,
          noEcho: true,
          reconnect: false,
          timeout: GREETING_MS,
          pingInterval: PING_MS,
        });
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }
}
