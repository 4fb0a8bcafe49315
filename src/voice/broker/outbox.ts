import type { NatsConnection } from '@nats-io/transport-node';
import type { Clock, Timer } from '../../core/clock.js';
import type { Log } from '../nats/nats-link.js';
import { Backlog } from './backlog.js';

/**
 * How long items are collected before they are written together, in ms. A write costs the same whatever is in it, and
 * more than all the rest: at two speakers, collecting for a tenth of a second instead of a hundredth saves two thirds.
 */
const COLLECT_MS = 100;

/** The same for items that somebody waits for, and while many wait: half the time that one packet of speech lasts. */
const SOON_MS = 10;

/** Items that wait while NATS is away or slow: 80 s of two speakers. */
const MAX_WAITING = 8192;

/** Items written in one go, a millisecond or two of work; the rest of a backlog comes in the next turns, so that audio is forwarded in between. */
const MAX_AT_ONCE = 256;

/**
 * Bytes that may be under way without NATS having confirmed that it read them, and how many are enough to ask. The
 * library writes into the socket's buffer whatever it is given, without a bound.
 */
const WINDOW = 256 * 1024;
const CONFIRM_AT = 64 * 1024;

/**
 * What waits to be written to NATS: collected for a moment and written together; bounded, the oldest going first; at a
 * pace that NATS keeps up with. Adding to it is cheap and never waits.
 */
export class Outbox<T> {
  /** Items that had to go before they were written. */
  dropped = 0;
  private readonly waiting = new Backlog<T>(MAX_WAITING);
  private connection: NatsConnection | undefined;
  private timer: Timer | undefined;
  private soon = false;
  private written = 0;
  private confirmed = 0;
  private confirming = false;
  private complained = false;

  /** @param write writes an item and returns how many bytes it came to; an item for which it throws is dropped */
  constructor(
    private readonly clock: Clock,
    private readonly write: (connection: NatsConnection, item: T) => number,
    private readonly log: Log,
  ) {}

  /** @param isUrgent whether somebody waits for it */
  push(item: T, isUrgent: boolean): void {
    if (this.waiting.push(item)) this.dropped++;
    this.schedule(isUrgent || this.waiting.size >= MAX_AT_ONCE);
  }

  /** There is a connection, to which nothing has been written yet. */
  up(connection: NatsConnection): void {
    this.connection = connection;
    this.written = this.confirmed = 0;
    this.confirming = this.complained = false;
    this.schedule(true);
  }

  down(): void {
    this.connection = undefined;
  }

  /** Writes what may be written now. */
  flush(): void {
    const { connection } = this;
    if (!connection || connection.isClosed()) return;
    for (let room = MAX_AT_ONCE; room > 0 && this.written - this.confirmed < WINDOW; room--) {
      const item = this.waiting.shift();
      if (item === undefined) break;
      this.writeItem(connection, item);
    }
    if (this.written - this.confirmed >= CONFIRM_AT && !this.confirming) void this.confirm(connection);
    if (this.waiting.size > 0) this.schedule(true);
  }

  private writeItem(connection: NatsConnection, item: T): void {
    try {
      this.written += this.write(connection, item);
    } catch (error) {
      this.dropped++;
      if (!this.complained) this.log('error', `NATS does not take bites: ${String(error)}`); // its limit is too low, say
      this.complained = true;
    }
  }

  private schedule(isUrgent: boolean): void {
    if (!this.connection || this.written - this.confirmed >= WINDOW) return;
    if (this.timer && (this.soon || !isUrgent)) return;
    this.timer?.cancel();
    this.soon = isUrgent;
    this.timer = this.clock.after(isUrgent ? SOON_MS : COLLECT_MS, () => {
      this.timer = undefined;
      this.flush();
    });
  }

  private async confirm(connection: NatsConnection): Promise<void> {
    const { written } = this;
    this.confirming = true;
    try {
      await connection.flush();
    } catch {
      return; // it broke; what the next one has confirmed is counted anew
    }
    if (connection !== this.connection) return;
    this.confirming = false;
    this.confirmed = written;
    if (this.waiting.size > 0) this.schedule(true);
  }
}
