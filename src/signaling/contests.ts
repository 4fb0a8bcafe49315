import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../core/clock.js';
import { Deadlines } from '../core/deadlines.js';
import { CloseCode } from '../core/errors.js';
import type { Member } from '../core/rooms/member.js';
import { RoomRegistry } from '../core/rooms/room-registry.js';
import { MessageBacklog } from '../core/websocket/backlog.js';
import type { Peer } from './seat.js';
import { SignalingMetrics } from './signaling.metrics.js';

/**
 * How long a newcomer waits for a held side before it is refused. Longer than a challenge; and every client reconnects
 * as soon as it is refused, so the delay is what slows two rivals' endless loops down (PROTOCOLS.md 1.5, trap 3).
 */
export const REFUSAL_MS = 2000;

/** A newcomer that waits for a side which somebody holds. */
interface Contest {
  backlog: MessageBacklog;
  saidHello: boolean;
  onSeated: (backlog: MessageBacklog) => void;
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
  begin(newcomer: Peer, onSeated: (backlog: MessageBacklog) => void): void {
    this.waiting.set(newcomer, { backlog: new MessageBacklog(newcomer), saidHello: false, onSeated });
    this.refusals.add(newcomer);
    this.run(this.challenge(newcomer));
  }

  /** Keeps a message of a waiting newcomer for later. */
  receive(newcomer: Peer, data: Buffer, isBinary: boolean, isHello: boolean): void {
    const contest = this.waiting.get(newcomer);
    if (!contest) return;
    contest.backlog.add(data, isBinary);
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
    const holder = await this.holderFor(newcomer);
    if (!holder) return this.seat(newcomer);
    if (await holder.challenge()) return;
    await holder.evict(); // its leaving seats the first of those that wait
  }

  private async displace(newcomer: Peer): Promise<void> {
    await (await this.holderFor(newcomer))?.displaceSilent();
  }

  private async seat(newcomer: Peer): Promise<void> {
    const { session } = newcomer;
    const entrance = await this.rooms.enter(session.roomKey, session.side, newcomer);
    if (entrance.outcome !== 'entered') return;
    const contest = this.waiting.get(newcomer);
    if (!contest) {
      this.rooms.leave(entrance.room, session.side, newcomer); // it went meanwhile
      return this.vacated(session.roomKey, session.side);
    }
    this.waiting.delete(newcomer);
    this.refusals.delete(newcomer);
    this.metrics.contests.add('seated');
    session.seated(entrance);
    contest.onSeated(contest.backlog);
  }

  private refuse(newcomer: Peer): void {
    if (!this.waiting.delete(newcomer)) return;
    this.metrics.contests.add('refused');
    newcomer.close(CloseCode.PolicyViolation, `side ${newcomer.session.side} busy`);
  }

  private holderFor({ session }: Peer): Promise<Member | undefined> {
    return this.rooms.holder(session.roomKey, session.side);
  }

  private run(step: Promise<void>): void {
    step.catch((error: unknown) => this.logger.error(error));
  }
}
