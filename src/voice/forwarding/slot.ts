import type { Outgoing } from './outgoing.js';
import type { RtpPacket } from './rtp-packet.js';
import type { Voice } from './voice.js';

/** Opus timestamps count at 48 kHz whatever it encodes (RFC 7587, 4.1). */
const TICKS_PER_MS = 48;

/** One packet of 20 ms: the least by which a new voice follows the one before. */
const LEAST_STEP = 20 * TICKS_PER_MS;

/** A packet this far behind or ahead is not late or the next after a loss: its sender has begun to count anew. */
const MAX_LATE = 100;
const MAX_AHEAD = 3000;

/** Where the packets of a slot go: the engine's end of an m-line. */
export interface Outlet {
  /** @param packet valid during the call only */
  send(packet: Buffer): void;
}

/** What an m-line of the receiver looks like from outside. */
export interface SlotDescription {
  mid: string;
  ssrc: number;
  payloadType: number;
}

/**
 * One m-line of a receiver: a stream with an SSRC of its own that carries one voice at a time. To the receiver it is
 * a single sender that never stops: sequence numbers go on by one and timestamps by the time that passed, whoever
 * speaks. What was lost on the way here stays a gap.
 */
export class Slot {
  voice: Voice | undefined;
  /** Who has been louder than the voice in it, and since when, in ms. */
  challenger: Voice | undefined;
  challengedAt = 0;

  private source: number | undefined;
  /** What is older than this one came before the change of voices, or too late. */
  private firstIn = 0;
  private newestIn = 0;
  private sequenceOffset = 0;
  private timestampOffset = 0;
  private newestOut: number;
  private newestTimestamp: number;
  private sentAt: number | undefined;

  constructor(
    readonly description: SlotDescription,
    private readonly outlet: Outlet,
    random: () => number = Math.random,
  ) {
    this.newestOut = Math.floor(random() * 0x10000);
    this.newestTimestamp = Math.floor(random() * 0x100000000);
  }

  carry(voice: Voice | undefined): void {
    this.voice = voice;
    this.challenger = undefined;
    this.source = undefined;
  }

  /** Passes on a packet of the voice in it. Returns whether it did: a late one from before the change is dropped. */
  forward(packet: RtpPacket, outgoing: Outgoing, now: number): boolean {
    const { sequence, timestamp, ssrc } = packet;
    let { marker } = packet;
    const step = ((sequence - this.newestIn) << 16) >> 16;
    if (ssrc !== this.source || step < -MAX_LATE || step > MAX_AHEAD) {
      this.begin(packet, now);
      marker = true;
    } else if (step > 0) {
      this.newestIn = sequence;
      if (((sequence - this.firstIn) & 0xffff) > MAX_LATE) this.firstIn = sequence - MAX_LATE;
    } else if (((sequence - this.firstIn) << 16) >> 16 < 0) {
      return false;
    }
    const out = (sequence + this.sequenceOffset) & 0xffff;
    const outTimestamp = (timestamp + this.timestampOffset) >>> 0;
    if (this.newestIn === sequence) {
      this.newestOut = out;
      this.newestTimestamp = outTimestamp;
      this.sentAt = now;
    }
    const { payloadType, ssrc: outSsrc } = this.description;
    this.outlet.send(outgoing.as(payloadType, marker, out, outTimestamp, outSsrc));
    return true;
  }

  /** The packet is the first of another source, and follows on what was sent before. */
  private begin({ sequence, timestamp, ssrc }: RtpPacket, now: number): void {
    const passed = Math.round((now - (this.sentAt ?? now)) * TICKS_PER_MS);
    this.source = ssrc;
    this.firstIn = this.newestIn = sequence;
    this.sequenceOffset = this.newestOut + 1 - sequence;
    this.timestampOffset = this.newestTimestamp + Math.max(LEAST_STEP, passed) - timestamp;
  }
}
