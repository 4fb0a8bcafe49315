import type { SpeakerEvent } from '../media/contract.js';
import type { Outgoing } from './outgoing.js';
import type { RtpPacket } from './rtp-packet.js';
import type { Slot } from './slot.js';
import { HOLD_MS, type Voice } from './voice.js';

/** By how much one voice must be louder than another that is talking, to take its place: 6 dB is twice the amplitude. */
const TAKEOVER_DB = 6;

/** A receiver: as many voices at once as it has slots. */
export class Listener {
  private readonly carrying = new Map<Voice, Slot>();

  /** @param tell where it wants to read of changes; absent when it does not */
  constructor(
    private readonly slots: readonly Slot[],
    readonly tell?: (event: SpeakerEvent) => void,
  ) {}

  /** Passes a packet of this voice on if it has a slot, or gets one. Returns whether it did. */
  hear(voice: Voice, packet: RtpPacket, outgoing: Outgoing, now: number): boolean {
    const slot = this.carrying.get(voice) ?? this.slotFor(voice, now);
    return slot !== undefined && slot.forward(packet, outgoing, now);
  }

  /** The voice is not in the conversation any more, or this listener is not. */
  forget(voice: Voice): void {
    for (const slot of this.slots) if (slot.challenger === voice) slot.challenger = undefined;
    const slot = this.carrying.get(voice);
    if (slot) this.assign(slot, undefined);
  }

  /** A slot for a voice that has none: an empty one, that of somebody quiet, or that of somebody long drowned out. */
  private slotFor(voice: Voice, now: number): Slot | undefined {
    let weakest: Slot | undefined;
    for (const slot of this.slots) {
      if (slot.voice === undefined) return this.assign(slot, voice);
      if (weakest === undefined || isWeaker(slot.voice, weakest.voice!, now)) weakest = slot;
    }
    if (weakest === undefined || !voice.isTalking(now)) return undefined;
    if (!weakest.voice!.isTalking(now)) return this.assign(weakest, voice);
    return this.contest(weakest, voice, now);
  }

  /** One challenger at a time: two who take turns would put each other off for ever. */
  private contest(slot: Slot, voice: Voice, now: number): Slot | undefined {
    if (voice.loudness + TAKEOVER_DB > slot.voice!.loudness) {
      if (slot.challenger === voice) slot.challenger = undefined;
      return undefined;
    }
    if (slot.challenger === voice) return now - slot.challengedAt >= HOLD_MS ? this.assign(slot, voice) : undefined;
    if (slot.challenger?.isTalking(now)) return undefined;
    slot.challenger = voice;
    slot.challengedAt = now;
    return undefined;
  }

  private assign(slot: Slot, voice: Voice | undefined): Slot {
    if (slot.voice) this.carrying.delete(slot.voice);
    if (voice) this.carrying.set(voice, slot);
    slot.carry(voice);
    this.tell?.({ type: 'slot', mid: slot.description.mid, ...(voice && ownerOf(voice)) });
    return slot;
  }
}

export function ownerOf({ speaker: { user, client } }: Voice): { user: string; client: string } {
  return { user, client };
}

function isWeaker(one: Voice, other: Voice, now: number): boolean {
  const [talking, otherTalking] = [one.isTalking(now), other.isTalking(now)];
  return talking === otherTalking ? one.loudness > other.loudness : otherTalking;
}
