import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../core/clock.js';
import { Deadlines } from '../core/deadlines.js';
import { CloseCode } from '../core/errors.js';
import { reportFault } from '../core/report-fault.js';
import type { Member } from '../core/rooms/member.js';
import { RoomRegistry } from '../core/rooms/room-registry.js';
import { MessageBacklog } from '../core/websocket/backlog.js';
import type { Peer } from './seat.js';
import { SignalingMetrics } from './signaling.metrics.js';

/**
 * How long a newcomer waits for a held side before it is refused, in ms. Longer than a challenge; and every client
 * reconnects as soon as it is refused, so the delay is what slows two rivals' endless loops down.
 */
export const REFUSAL_MS = 2000;

/**
 * How often a newcomer looks whether a side is still held, in ms, while its holder is another node's: of what happens
 * in a room only those nodes are told that have members in it.
 */
const LOOK_MS = 300;

/** A newcomer that waits for a side which somebody holds. */
interface Contest {
  backlog: MessageBacklog;
  saidHello: boolean;
  /** The last holder that was asked to yield to its hello. */
  asked?: string;
  /** Its seating is under way; `again` when the side became free, perhaps, after that was asked for. */
  seating: 'no' | 'asked' | 'again';
  onSeated: (backlog: MessageBacklog) => void;
}

/**
 * Who gets a side that two sockets want. A holder that is gone yields, which a ping tells; one that never sent a frame
 * yields to a newcomer that says hello; any other stays, and the newcomer is refused.
 */
@Injectable()
export class Contests {
  private readonly logger = new Logger(Contests.name);
  private readonly waiting = new Map<Peer, Contest>();
  private readonly refusals: Deadlines<Peer>;
  private readonly looks: Deadlines<Peer>;

  constructor(
    private readonly rooms: RoomRegistry,
    private readonly metrics: SignalingMetrics,
    clock: Clock,
  ) {
    this.refusals = new Deadlines(clock, REFUSAL_MS, (newcomer) => this.refuse(newcomer));
    this.looks = new Deadlines(clock, LOOK_MS, (newcomer) => this.look(newcomer));
  }

  /** @param onSeated called with what the newcomer has sent meanwhile, once the side is its own */
  begin(newcomer: Peer, onSeated: (backlog: MessageBacklog) => void): void {
    const backlog = new MessageBacklog(newcomer);
    this.waiting.set(newcomer, { backlog, saidHello: false, seating: 'no', onSeated });
    this.refusals.add(newcomer);
    this.looks.add(newcomer);
    this.run(newcomer, this.challenge(newcomer));
  }

  /** Keeps a message of a waiting newcomer for later. */
  receive(newcomer: Peer, data: Buffer, isBinary: boolean, isHello: boolean): void {
    const contest = this.waiting.get(newcomer);
    if (!contest) return;
    contest.backlog.add(data, isBinary);
    if (!isHello || contest.saidHello) return;
    contest.saidHello = true;
    this.run(newcomer, this.seat(newcomer));
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
    if (first) this.run(first, this.seat(first));
  }

  /** A waiting newcomer has gone. */
  abandon(newcomer: Peer): void {
    if (this.end(newcomer)) this.metrics.contests.add('abandoned');
  }

  private async challenge(newcomer: Peer): Promise<void> {
    const holder = await this.holderFor(newcomer);
    if (holder && (await holder.challenge())) return;
    await holder?.evict();
    this.vacatedFor(newcomer);
  }

  /** Of a local holder's leaving this node is told. */
  private look(newcomer: Peer): void {
    const { roomKey, side } = newcomer.session;
    const room = this.rooms.get(roomKey);
    const holder = room?.members.get(side);
    this.looks.add(newcomer);
    if (!holder || !room!.locals.has(holder)) this.vacatedFor(newcomer);
  }

  private vacatedFor({ session }: Peer): void {
    this.vacated(session.roomKey, session.side);
  }

  private async seat(newcomer: Peer): Promise<void> {
    const contest = this.waiting.get(newcomer);
    if (!contest) return;
    if (contest.seating !== 'no') {
      contest.seating = 'again';
      return;
    }
    try {
      do {
        contest.seating = 'asked';
        if (await this.trySeat(newcomer, contest)) return;
        if (contest.saidHello && (await this.displaceSilent(newcomer, contest))) contest.seating = 'again';
      } while (isWantedAgain(contest) && this.waiting.has(newcomer));
    } finally {
      contest.seating = 'no';
    }
  }

  /** Resolves to false while somebody else has the side. */
  private async trySeat(newcomer: Peer, { backlog, onSeated }: Contest): Promise<boolean> {
    const { session } = newcomer;
    const entrance = await this.rooms.enter(session.roomKey, session.side, newcomer);
    if (entrance.outcome !== 'entered') return false;
    if (this.end(newcomer)) {
      this.metrics.contests.add('seated');
      session.seated(entrance);
      onSeated(backlog);
    } else {
      this.rooms.leave(entrance.room, session.side, newcomer); // it went meanwhile
      this.vacatedFor(newcomer);
    }
    return true;
  }

  /** Asks each holder once: who has the side by now may have waited for it on the former holder's node. */
  private async displaceSilent(newcomer: Peer, contest: Contest): Promise<boolean> {
    const holder = await this.holderFor(newcomer);
    if (!holder || holder.id === contest.asked) return false;
    contest.asked = holder.id;
    return holder.displaceSilent();
  }

  private refuse(newcomer: Peer): void {
    if (!this.end(newcomer)) return;
    this.metrics.contests.add('refused');
    newcomer.close(CloseCode.PolicyViolation, `side ${newcomer.session.side} busy`);
  }

  /** It waits no longer; false when it did not. */
  private end(newcomer: Peer): boolean {
    this.refusals.delete(newcomer);
    this.looks.delete(newcomer);
    return this.waiting.delete(newcomer);
  }

  private holderFor({ session }: Peer): Promise<Member | undefined> {
    return this.rooms.holder(session.roomKey, session.side);
  }

  /** Who has the side cannot be found out without the directory. */
  private run(newcomer: Peer, step: Promise<void>): void {
    step.catch((error: unknown) => {
      reportFault(this.logger, error);
      if (!this.end(newcomer)) return;
      this.metrics.contests.add('abandoned');
      newcomer.close(CloseCode.OverCapacity, 'try again later');
    });
  }
}

function isWantedAgain({ seating }: Contest): boolean {
  return seating === 'again';
}
