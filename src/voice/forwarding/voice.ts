import type { Speaker } from '../media/tap.js';
import type { RtpPacket } from './rtp-packet.js';

/** An RFC 6464 level up to this counts as talking, in -dBov: a voice is around 30, a quiet room above 60. */
const TALKING_LEVEL = 50;

/** Somebody counts as talking for this long after the last packet that was loud enough, in ms: bridges pauses. */
export const HOLD_MS = 400;

/** Weight of the newest level in the running mean: half of it is made of the last five packets, 100 ms. */
const NEWEST = 1 / 8;

/** What is known of somebody's sound in a conversation, whether they are on this node or another. */
export class Voice {
  /** Running mean of the level, in -dBov: less is louder. */
  loudness = 127;
  /** When the last packet came, in ms. */
  heardAt: number;
  /** Whether the listeners were told that they speak. */
  announced = false;
  private talkingUntil = 0;

  constructor(
    readonly speaker: Speaker,
    now: number,
  ) {
    this.heardAt = now;
  }

  /** Takes note of a packet. One without a level counts as talking, only just. */
  heard(packet: RtpPacket, now: number): void {
    const level = packet.level(this.speaker.levelId) ?? TALKING_LEVEL;
    this.loudness += (level - this.loudness) * NEWEST;
    this.heardAt = now;
    if (level <= TALKING_LEVEL) this.talkingUntil = now + HOLD_MS;
  }

  isTalking(now: number): boolean {
    return now < this.talkingUntil;
  }
}
