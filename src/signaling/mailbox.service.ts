import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Clock, type Timer } from '../core/clock.js';
import { Deadlines } from '../core/deadlines.js';
import { ApiError } from '../core/errors.js';
import { reportFault } from '../core/report-fault.js';
import { RoomRegistry } from '../core/rooms/room-registry.js';
import { type Box, MailboxStore } from './mailbox-store.js';
import { type Peer, ROOM_PREFIX, type Seat } from './seat.js';
import { SignalingMetrics } from './signaling.metrics.js';
import { mailFrame, type Side } from './signaling.frames.js';

/** Mail of rooms in use is kept alive this many times per ROOM_TTL, so that a missed turn costs nothing. */
const TOUCHES_PER_TTL = 4;

/** Tells a reader's node that there is mail for it. */
const MAIL_WAITS = 'mail';

/** When a store that was away is asked again for a reader's mail, in ms: all flows again within 5 s of its return. */
const STORE_RETRY_MS = 1000;

/** Stores what peers send to each other's mailbox, and writes it to who reads: in order, never twice on one socket. */
@Injectable()
export class MailboxService implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(MailboxService.name);
  private readonly writeBuf: number;
  private readonly touchEveryMs: number;
  private readonly retries: Deadlines<Peer>;
  private timer: Timer | undefined;

  constructor(
    settings: Settings,
    private readonly store: MailboxStore,
    private readonly rooms: RoomRegistry,
    private readonly clock: Clock,
    private readonly metrics: SignalingMetrics,
  ) {
    this.writeBuf = settings.wsWriteBuf;
    this.touchEveryMs = settings.roomTtl / TOUCHES_PER_TTL;
    this.retries = new Deadlines(clock, STORE_RETRY_MS, (reader) => this.write(reader));
  }

  onModuleInit(): void {
    this.timer = this.clock.every(this.touchEveryMs, () => this.touchLiveRooms());
  }

  onModuleDestroy(): void {
    this.timer?.cancel();
  }

  /** Stores a frame, then tells its reader; resolves to false when a quota refused it. */
  async post({ roomId, side }: Seat, to: Side, payload: string): Promise<boolean> {
    const seen = this.cursorOf(roomId, to);
    const seq = await this.store.append({ room: roomId, side: to }, side, payload, this.clock.now(), seen);
    if (seq === undefined) return false;
    this.rooms
      .get(ROOM_PREFIX + roomId)
      ?.members.get(to)
      ?.note(MAIL_WAITS);
    return true;
  }

  /** Mail was stored, here or on another node, for a reader of this one. */
  noted(reader: Peer, note: string): void {
    if (note === MAIL_WAITS) this.write(reader);
  }

  /** There may be mail of which nobody has told this reader. */
  look(reader: Peer): void {
    this.write(reader);
  }

  /** A reader says what it has; what follows is written to it. */
  async hello(reader: Peer, watermark: number): Promise<void> {
    const seat = reader.session;
    const written = seat.cursor;
    seat.cursor = Math.max(written ?? 0, watermark);
    try {
      const moved = await this.store.resume(boxOf(seat), watermark, this.clock.now());
      if (written !== undefined && moved > 0) seat.cursor = Math.max(seat.cursor, written + moved);
    } finally {
      this.write(reader); // while the store is away too: this goes on asking
    }
  }

  /** Mail flows to a reader that has not said hello, from the oldest unacknowledged on. */
  start(reader: Peer): void {
    reader.session.cursor ??= 0;
    this.write(reader);
  }

  async acknowledge(seat: Seat, upTo: number): Promise<void> {
    await this.store.acknowledge(boxOf(seat), upTo, this.clock.now());
  }

  /** Keeps a room's mail for a whole ROOM_TTL from now. */
  keep(rooms: Iterable<string>): void {
    // A store that is away is touched next time.
    this.store.touch(rooms, this.clock.now()).catch((error: unknown) => reportFault(this.logger, error));
  }

  private touchLiveRooms(): void {
    this.keep(Array.from(this.rooms.withPrefix(ROOM_PREFIX), ({ key }) => key.slice(ROOM_PREFIX.length)));
  }

  private write(reader: Peer): void {
    const seat = reader.session;
    if (seat.cursor === undefined) return;
    seat.mailWaits = true;
    if (seat.writingMail) return;
    seat.writingMail = true;
    this.writeAll(reader).catch((error: unknown) => reportFault(this.logger, error));
  }

  private async writeAll(reader: Peer): Promise<void> {
    const seat = reader.session;
    try {
      while (seat.mailWaits && !reader.ended) {
        seat.mailWaits = false;
        await this.writeBatch(reader);
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.retries.add(reader); // the store is away
    } finally {
      seat.writingMail = false; // in the same step as the look at mailWaits: later, and a post between is forgotten
    }
  }

  private async writeBatch(reader: Peer): Promise<void> {
    const seat = reader.session;
    const { mail, last } = await this.store.read(boxOf(seat), seat.cursor!, this.clock.now());
    // The store has lost its numbering while this reader was here: go on above what it has seen.
    if (last > 0 && last < seat.cursor!) {
      seat.mailWaits = (await this.store.resume(boxOf(seat), seat.cursor!, this.clock.now())) > 0;
    }
    for (const { seq, from, payload } of mail) {
      if (seq <= seat.cursor!) continue; // a hello moved the cursor meanwhile
      seat.mailWaits = true;
      seat.cursor = seq;
      await this.writeOne(reader, mailFrame(seat.dialect, seq, from, payload));
      if (reader.ended) return;
    }
  }

  /** How far the reader's socket has come, where it is one of this node. */
  private cursorOf(roomId: string, side: Side): number | undefined {
    const room = this.rooms.get(ROOM_PREFIX + roomId);
    const reader = room?.members.get(side);
    return reader && room?.locals.has(reader) ? (reader as Peer).session.cursor : undefined;
  }

  /** Writes a frame; waits for the kernel to take it when much is waiting already, so that mail never piles up in memory. */
  private async writeOne(reader: Peer, frame: string): Promise<void> {
    this.metrics.delivered++;
    if (reader.backlog < this.writeBuf) reader.send(frame);
    else await new Promise<void>((written) => reader.send(frame, written));
  }
}

function boxOf({ roomId, side }: Seat): Box {
  return { room: roomId, side };
}
