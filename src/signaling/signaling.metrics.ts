import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { RoomRegistry } from '../core/rooms/room-registry.js';
import { exposeCounter, exposeGauge } from '../core/metrics/gauge.js';
import { Tally } from '../core/metrics/tally.js';
import { MailboxStore } from './mailbox-store.js';
import { ROOM_PREFIX } from './seat.js';
import { BAD_FRAME_REASONS, FRAME_TYPES } from './signaling.frames.js';

const FLOW_SECONDS = [0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600];

/** Distinct words of clients that become label values; whatever comes later is counted as `other`. */
const MAX_WORDS = 32;

/** The reference server's names where it has them; every label value from a bounded set. */
@Injectable()
export class SignalingMetrics {
  /** Mail written to readers. */
  delivered = 0;
  readonly types = [...FRAME_TYPES, 'unknown'] as const;
  readonly frames = new Tally({
    name: 'nt_ws_messages_total',
    help: 'Messages received, by type',
    label: 'type',
    values: this.types,
  });
  readonly bad = new Tally({
    name: 'signalbox_signaling_bad_frames_total',
    help: 'Messages that could not be used, by reason',
    label: 'reason',
    values: BAD_FRAME_REASONS,
  });
  readonly contests = new Tally({
    name: 'signalbox_signaling_contests_total',
    help: 'Newcomers on a held side, by outcome',
    label: 'outcome',
    values: ['seated', 'refused', 'abandoned'],
  });
  readonly dropped = new Tally({
    name: 'signalbox_signaling_dropped_total',
    help: 'Frames that were not passed on, by reason',
    label: 'reason',
    values: ['peer_absent', 'mailbox_full', 'store_failed'],
  });
  private readonly bytesIn = new Map<string, number>();
  private readonly bytesOut = new Map<string, number>();
  private readonly words = new Set<string>(['unspecified']);
  private readonly established: Counter;
  private readonly failed: Counter;
  private readonly firstFlow: Histogram;

  constructor(registry: Registry, rooms: RoomRegistry, mailboxes: MailboxStore) {
    const registers = [registry];
    for (const tally of [this.frames, this.bad, this.contests, this.dropped]) tally.expose(registry);
    exposeCounter(registry, 'signalbox_mailbox_delivered_total', 'Mail written to readers', () => this.delivered);
    exposeGauge(registry, 'nt_rooms_active', 'Rooms with somebody in them', () => count(rooms));
    exposeGauge(registry, 'nt_peers_active', 'Sockets that hold a side', () => count(rooms, (size) => size));
    exposeDepth(registry, mailboxes);
    this.exposeSignals(registers);
    this.established = new Counter({
      name: 'nt_session_established_total',
      help: 'Rooms whose peers reported a connection, by its mode',
      labelNames: ['mode'],
      registers,
    });
    this.failed = new Counter({
      name: 'nt_session_failed_total',
      help: 'Failed connections that peers reported, by reason',
      labelNames: ['reason'],
      registers,
    });
    this.firstFlow = new Histogram({
      name: 'nt_session_time_to_first_flow_seconds',
      help: 'From the making of a room to the first report of a connection',
      buckets: FLOW_SECONDS,
      registers,
    });
  }

  received(type: string, bytes: number): void {
    this.frames.add(type);
    this.bytesIn.set(type, (this.bytesIn.get(type) ?? 0) + bytes);
  }

  relayed(type: string, bytes: number): void {
    this.bytesOut.set(type, (this.bytesOut.get(type) ?? 0) + bytes);
  }

  sessionEstablished(mode: string, seconds: number): void {
    this.established.inc({ mode: this.word(mode) });
    this.firstFlow.observe(seconds);
  }

  sessionFailed(reason: string): void {
    this.failed.inc({ reason: this.word(reason) });
  }

  private word(text: string): string {
    if (text === '') return 'unspecified';
    if (this.words.has(text)) return text;
    if (this.words.size >= MAX_WORDS || !/^[a-z0-9_-]{1,32}$/.test(text)) return 'other';
    this.words.add(text);
    return text;
  }

  private exposeSignals(registers: Registry[]): void {
    const { frames, types, bytesIn, bytesOut } = this;
    new Counter({
      name: 'nt_signal_messages_total',
      help: 'Signaling messages received, by type',
      labelNames: ['type'],
      registers,
      collect() {
        this.reset();
        for (const type of types) this.inc({ type }, frames.get(type));
      },
    });
    new Counter({
      name: 'nt_signal_bytes_total',
      help: 'Bytes of signaling messages, by direction and type',
      labelNames: ['dir', 'type'],
      registers,
      collect() {
        this.reset();
        for (const [type, bytes] of bytesIn) this.inc({ dir: 'in', type }, bytes);
        for (const [type, bytes] of bytesOut) this.inc({ dir: 'out', type }, bytes);
      },
    });
  }
}

function count(rooms: RoomRegistry, weigh: (size: number) => number = () => 1): number {
  let total = 0;
  for (const { members } of rooms.withPrefix(ROOM_PREFIX)) total += weigh(members.size);
  return total;
}

function exposeDepth(registry: Registry, mailboxes: MailboxStore): void {
  new Gauge({
    name: 'signalbox_mailbox_frames',
    help: 'Frames that wait in mailboxes',
    registers: [registry],
    async collect() {
      this.set((await mailboxes.depth()).frames);
    },
  });
  new Gauge({
    name: 'signalbox_mailbox_bytes',
    help: 'Payload bytes that wait in mailboxes',
    registers: [registry],
    async collect() {
      this.set((await mailboxes.depth()).bytes);
    },
  });
}
