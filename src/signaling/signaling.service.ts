import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../core/clock.js';
import { ApiError } from '../core/errors.js';
import { reportFault } from '../core/report-fault.js';
import type { Room } from '../core/rooms/room.js';
import { RoomRegistry } from '../core/rooms/room-registry.js';
import type { MessageBacklog } from '../core/websocket/backlog.js';
import { UnusableMessages } from '../core/websocket/unusable-messages.js';
import { Contests } from './contests.js';
import { MailboxService } from './mailbox.service.js';
import type { Relayed } from './relayed-type.js';
import { type Peer, ROOM_PREFIX, type Seat } from './seat.js';
import { BadFrame, type ClientFrame, errorFrame, parseFrame, ROOM_FULL } from './signaling.frames.js';
import { SignalingMetrics } from './signaling.metrics.js';

/** Rooms of two: who sits where, what is passed on, what goes into the mail. */
@Injectable()
export class SignalingService {
  private readonly logger = new Logger(SignalingService.name);
  private readonly connected = new WeakSet<Room>();

  constructor(
    private readonly rooms: RoomRegistry,
    private readonly contests: Contests,
    private readonly mailbox: MailboxService,
    private readonly metrics: SignalingMetrics,
    private readonly unusableMessages: UnusableMessages,
    private readonly clock: Clock,
  ) {
    rooms.observe(ROOM_PREFIX, {
      joined: (room, _side, member) => {
        if (room.locals.has(member)) this.entered(room, (member as Peer).session);
      },
      left: (room, side) => {
        contests.vacated(room.key, side);
        this.lookForMail(room); // who is gone with its node may have stored some and told nobody
      },
      resumed: (room) => this.lookForMail(room),
    });
  }

  /** Takes the side if it is free; whether it is, is decided here, what else happens once the socket is open. */
  async claim(peer: Peer): Promise<void> {
    const { session } = peer;
    const entrance = await this.rooms.enter(session.roomKey, session.side, peer);
    if (entrance.outcome === 'entered') session.seated(entrance);
  }

  opened(peer: Peer): void {
    if (peer.session.room) this.seated(peer);
    else this.contests.begin(peer, (backlog) => this.seatedLate(peer, backlog));
  }

  /** The hold is over: without a `sid`, mail flows also to who says no hello. */
  released(peer: Peer): void {
    const { room, dialect, cursor } = peer.session;
    if (room && dialect === 'send' && cursor === undefined) this.mailbox.start(peer);
  }

  received(peer: Peer, data: Buffer, isBinary: boolean): void {
    const { room } = peer.session;
    let frame: ClientFrame;
    try {
      frame = parseFrame(data, isBinary);
    } catch (error) {
      this.unusable(peer, error, data.length);
      return;
    }
    if (room) this.handle(peer, room, frame, data);
    else this.contests.receive(peer, data, isBinary, frame.type === 'hello');
  }

  noted(peer: Peer, note: string): void {
    this.mailbox.noted(peer, note);
  }

  left(peer: Peer): void {
    const { room, roomId, side } = peer.session;
    if (!room) return this.contests.abandon(peer);
    this.rooms.leave(room, side, peer);
    this.mailbox.keep([roomId]);
  }

  private lookForMail({ locals }: Room): void {
    for (const peer of locals) this.mailbox.look(peer as Peer);
  }

  private entered({ members }: Room, seat: Seat): void {
    seat.completedWith = members.get(seat.otherSide);
  }

  /** Who has taken the other side since then has told both already. */
  private seated(peer: Peer): void {
    const { room, otherSide, completedWith } = peer.session;
    if (!completedWith || room!.members.get(otherSide) !== completedWith) return;
    for (const member of [completedWith, peer]) member.send(ROOM_FULL);
  }

  private seatedLate(peer: Peer, backlog: MessageBacklog): void {
    this.seated(peer);
    backlog.replay((data, isBinary) => this.received(peer, data, isBinary));
    if (!peer.holding) this.released(peer);
  }

  private handle(peer: Peer, room: Room, frame: ClientFrame, data: Buffer): void {
    this.metrics.received(frame.type, data.length);
    switch (frame.type) {
      case 'offer':
      case 'answer':
      case 'ice':
      case 'sender_ready':
      case 'iroh_offer':
        return this.relay(peer, room, frame.type, data);
      case 'hello':
        return this.run(peer, this.mailbox.hello(peer, frame.deliveredUpTo));
      case 'send':
        return this.run(peer, this.post(peer, frame.to, frame.payload));
      case 'delivered':
        return this.run(peer, this.mailbox.acknowledge(peer.session, frame.upTo));
      case 'telemetry':
        return this.report(room, frame);
    }
  }

  /** To the other side, byte for byte; with nobody there it is dropped: an old offer would make a responder deaf to the next. */
  private relay(peer: Peer, room: Room, type: Relayed, data: Buffer): void {
    const other = room.members.get(peer.session.otherSide);
    if (!other) {
      this.metrics.dropped.add('peer_absent');
      return;
    }
    other.send(data);
    this.metrics.relayed(type, data.length);
  }

  private async post(peer: Peer, to: 'A' | 'B', payload: string): Promise<void> {
    if (await this.mailbox.post(peer.session, to, payload)) return;
    this.metrics.dropped.add('mailbox_full');
    this.explain(peer, 'mailbox_full', 'the mailbox of that side is full');
  }

  private report(room: Room, { event, mode, reason }: Extract<ClientFrame, { type: 'telemetry' }>): void {
    if (event === 'ice-failed') return this.metrics.sessionFailed(reason);
    if (this.connected.has(room)) return;
    this.connected.add(room);
    this.metrics.sessionEstablished(mode, (this.clock.now() - room.since) / 1000);
  }

  private unusable(peer: Peer, error: unknown, bytes: number): void {
    if (!(error instanceof BadFrame)) throw error;
    this.metrics.received('unknown', bytes);
    this.metrics.bad.add(error.reason);
    this.explain(peer, error.reason, 'this frame is ignored');
    this.unusableMessages.count(peer);
  }

  private explain(peer: Peer, code: string, message: string): void {
    if (peer.session.explains) peer.send(errorFrame(code, message));
  }

  /** What the store does with a frame is awaited by nobody: a failure is counted, and the socket lives on. */
  private run(peer: Peer, step: Promise<void>): void {
    step.catch((error: unknown) => {
      this.metrics.dropped.add('store_failed');
      if (error instanceof ApiError) this.explain(peer, error.code, error.message);
      reportFault(this.logger, error);
    });
  }
}
