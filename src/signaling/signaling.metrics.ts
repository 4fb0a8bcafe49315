import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { ApiError } from '../core/errors.js';
import { RoomRegistry } from '../core/rooms/room-registry.js';
import { exposeCounter, exposeGauge } from '../core/metrics/gauge.js';
import { Tally } from '../core/metrics/tally.js';
import { MailboxStore } from './mailbox-store.js';
import { ROOM_PREFIX } from './seat.js';
import { BAD_FRAME_REASONS, FRAME_TYPES, type FrameType } from './signaling.frames.js';

const FLOW_SECONDS = [0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600];

/** Distinct words of clients that become label values; whatever comes later is counted as `other`. */
const MAX_WORDS = 32;

interface Traffic {
  messages: number;
  bytesIn: number;
  bytesOut: number;
}

/** The reference server's names where it has them; every label value from a bounded set. */
@Injectable()
export class SignalingMetrics {
  /** Mail written to readers. */
  delivered = 0;
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
  private readonly traffic = new Map<string, Traffic>(
    [...FRAME_TYPES, 'unknown'].map((type) => [type, { messages: 0, bytesIn: 0, bytesOut: 0 }]),
  );
  private readonly words = new Set<string>(['unspecified']);
  private readonly established: Counter;
  private readonly failed: Counter;
  private readonly firstFlow: Histogram;

  constructor(registry: Registry, rooms: RoomRegistry, mailboxes: MailboxStore) {
    const registers = [registry];
    for (const tally of [this.bad, this.contests, this.dropped]) tally.expose(registry);
    exposeCounter(registry, 'signalbox_mailbox_delivered_total', 'Mail written to readers', () => this.delivered);
    exposeGauge(registry, 'nt_rooms_active', 'Rooms with somebody of this node in them', () => count(rooms));
    exposeGauge(registry, 'nt_peers_active', 'Sockets of this node that hold a side', () =>
      count(rooms, (size) => size),
    );
    exposeDepth(registry, mailboxes);
    this.exposeTraffic(registers);
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

  received(type: FrameType | 'unknown', bytes: number): void {
    const traffic = this.traffic.get(type)!;
    traffic.messages++;
    traffic.bytesIn += bytes;
  }

  relayed(type: FrameType, bytes: number): void {
    this.traffic.get(type)!.bytesOut += bytes;
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

  private exposeTraffic(registers: Registry[]): void {
    const { traffic } = this;
    // The reference server declares both and sets only the second.
    for (const name of ['nt_ws_messages_total', 'nt_signal_messages_total']) {
      new Counter({
        name,
        help: 'Messages received, by type',
        labelNames: ['type'],
        registers,
        collect() {
          this.reset();
          for (const [type, { messages }] of traffic) this.inc({ type }, messages);
        },
      });
    }
    new Counter({
      name: 'nt_signal_bytes_total',
      help: 'Bytes of messages received, and of those relayed, by type',
      labelNames: ['dir', 'type'],
      registers,
      collect() {
        this.reset();
        for (const [type, { bytesIn, bytesOut }] of traffic) {
          this.inc({ dir: 'in', type }, bytesIn);
          this.inc({ dir: 'out', type }, bytesOut);
        }
      },
    });
  }
}

function count(rooms: RoomRegistry, weigh: (size: number) => number = () => 1): number {
  let total = 0;
  for (const { locals } of rooms.withPrefix(ROOM_PREFIX)) total += weigh(locals.size);
  return total;
}

function exposeDepth(registry: Registry, mailboxes: MailboxStore): void {
  new Gauge({
    name: 'signalbox_mailbox_frames',
    help: 'Frames that wait in mailboxes',
    registers: [registry],
    async collect() {
      await readInto(this, mailboxes, 'frames');
    },
  });
  new Gauge({
    name: 'signalbox_mailbox_bytes',
    help: 'Payload bytes that wait in mailboxes',
    registers: [registry],
    async collect() {
      await readInto(this, mailboxes, 'bytes');
    },
  });
}

/** While the store cannot be asked the gauge has no value, and the other metrics are scraped all the same. */
async function readInto(gauge: Gauge, mailboxes: MailboxStore, what: 'frames' | 'bytes'): Promise<void> {
  try {
    gauge.set((await mailboxes.depth())[what]);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    gauge.remove();
  }
}
