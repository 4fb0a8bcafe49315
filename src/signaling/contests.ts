import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../core/clock.js';
import { Deadlines } from '../core/deadlines.js';
import { CloseCode } from '../core/errors.js';
import { RoomRegistry } from '../core/rooms/room-registry.js';
import type { Peer } from './seat.js';
import { SignalingMetrics } from './signaling.metrics.js';

/**
 * How long a newcomer waits for a held side before it is refused. Longer than a challenge; and every client reconnects
 * as soon as it is refused, so the delay is what slows two rivals' endless loops down (PROTOCOLS.md 1.5, trap 3).
 */
export const REFUSAL_MS = 2000;

/** What a waiting newcomer may send before its socket is not read any further: a mailbox client flushes its queue. */
const BACKLOG_BYTES = 256 * 1024;

export interface Message {
  data: Buffer;
  isBinary: boolean;
}

/** A newcomer that waits for a side which somebody holds. */
interface Contest {
  backlog: Message[];
  bytes: number;
  saidHello: boolean;
  onSeated: (backlog: Message[]) => void;
}

/**
 * Who gets a side that two sockets want (PROTOCOLS.md 1.5, traps 3 to 5): a holder that is gone yields, which a ping
 * tells; one that never sent a frame yields to a newcomer that says hello; any other stays, and the newcomer is refused.
 */
@Injectable()
export class Contests {
  private readonly logger = new Logger(Contests.name);
  private readonly waiting = new Map<Peer, Contest>();
  private readonly refusals: Deadlines<Peer>;

  constructor(
    private readonly rooms: RoomRegistry,
    private readonly metrics: SignalingMetrics,
    clock: Clock,
  ) {
    this.refusals = new Deadlines(clock, REFUSAL_MS, (newcomer) => this.refuse(newcomer));
  }

  /** @param onSeated called with what the newcomer has sent meanwhile, once the side is its own */
  begin(newcomer: Peer, onSeated: (backlog: Message[]) => void): void {
    this.waiting.set(newcomer, { backlog: [], bytes: 0, saidHello: false, onSeated });
    this.refusals.add(newcomer);
    this.run(this.challenge(newcomer));
  }

  /** Keeps a message of a waiting newcomer for later. */
  receive(newcomer: Peer, message: Message, isHello: boolean): void {
    const contest = this.waiting.get(newcomer);
    if (!contest) return;
    contest.backlog.push({ ...message, data: Buffer.from(message.data) });
    contest.bytes += message.data.length;
    if (contest.bytes > BACKLOG_BYTES) newcomer.pause();
    if (!isHello || contest.saidHello) return;
    contest.saidHello = true;
    this.run(this.displace(newcomer));
  }

  /** A side is free: the newcomer that waited longest gets it, one that said hello before one that did not. */
  vacated(roomKey: string, side: string): void {
    let first: Peer | undefined;
    for (const [newcomer, { saidHello }] of this.waiting) {
      const { session } = newcomer;
      if (session.roomKey !== roomKey || session.side !== side) continue;
      first ??= newcomer;
      if (!saidHello) continue;
      first = newcomer;
      break;
    }
    if (first) this.run(this.seat(first));
  }

  /** A waiting newcomer has gone. */
  abandon(newcomer: Peer): void {
    if (!this.waiting.delete(newcomer)) return;
    this.refusals.delete(newcomer);
    this.metrics.contests.add('abandoned');
  }

  private async challenge(newcomer: Peer): Promise<void> {
    const holder = this.holderFor(newcomer);
    if (!holder) return this.seat(newcomer);
    if (await holder.challenge()) return;
    await holder.evict(); // its leaving seats the first of those that wait
  }

  private async displace(newcomer: Peer): Promise<void> {
    await this.holderFor(newcomer)?.displaceSilent();
  }

  private async seat(newcomer: Peer): Promise<void> {
    const { session } = newcomer;
    const room = await this.rooms.enter(session.roomKey, session.side, newcomer);
    if (!room) return;
    const contest = this.waiting.get(newcomer);
    if (!contest) {
      this.rooms.leave(room, session.side, newcomer); // it went meanwhile
      return this.vacated(session.roomKey, session.side);
    }
    this.waiting.delete(newcomer);
    this.refusals.delete(newcomer);
    this.metrics.contests.add('seated');
    session.room = room as typeof session.room;
    contest.onSeated(contest.backlog);
    newcomer.resume();
  }

  private refuse(newcomer: Peer): void {
    if (!this.waiting.delete(newcomer)) return;
    this.metrics.contests.add('refused');
    newcomer.close(CloseCode.PolicyViolation, `side ${newcomer.session.side} busy`);
  }

  private holderFor({ session }: Peer): Peer | undefined {
    return this.rooms.get(session.roomKey)?.members.get(session.side) as Peer | undefined;
  }

  private run(step: Promise<void>): void {
    step.catch((error: unknown) => this.logger.error(error));
  }
}
