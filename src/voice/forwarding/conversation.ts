import type { SpeakerEvent } from '../media/contract.js';
import type { Speaker } from '../media/tap.js';
import { ownerOf } from './listener.js';
import type { Outgoing } from './outgoing.js';
import type { Participant } from './participant.js';
import type { RtpPacket } from './rtp-packet.js';
import { Voice } from './voice.js';

/** Somebody on another node of whom nothing is heard for this long has left, in ms: nobody says goodbye between nodes. */
const REMOTE_QUIET_MS = 5000;

/** Everybody in one conversation, as far as this node knows. */
export class Conversation {
  private readonly participants = new Map<string, Participant>();
  /** Voices that come from other nodes, by the key of their speaker. */
  private readonly remote = new Map<string, Voice>();

  constructor(readonly id: string) {}

  get size(): number {
    return this.participants.size;
  }

  add(participant: Participant, now: number): void {
    const { key, owner, levelId, listener } = participant;
    const elsewhere = this.remote.get(key);
    if (elsewhere) this.dropRemote(elsewhere); // it was on another node, and is here now
    for (const voice of this.voices()) {
      listener.tell?.({ type: 'joined', ...ownerOf(voice) });
      if (voice.announced) listener.tell?.({ type: 'speaking', speaking: true, ...ownerOf(voice) });
    }
    participant.conversation = this;
    participant.voice = new Voice({ ...owner, key, levelId, conversation: this.id }, now);
    this.participants.set(key, participant);
    this.tell({ type: 'joined', ...owner }, participant);
  }

  remove(participant: Participant): void {
    const { key, owner, listener } = participant;
    this.participants.delete(key);
    this.forget(participant.voice!);
    participant.voice = undefined;
    participant.conversation = undefined;
    for (const voice of this.voices()) {
      listener.forget(voice);
      listener.tell?.({ type: 'left', ...ownerOf(voice) });
    }
    this.tell({ type: 'left', ...owner });
  }

  /** Gives a packet of this voice to all others; returns to how many. */
  pass(voice: Voice, packet: RtpPacket, outgoing: Outgoing, now: number): number {
    voice.heard(packet, now);
    if (!voice.announced && voice.isTalking(now)) this.announce(voice, true);
    let passed = 0;
    for (const participant of this.participants.values()) {
      if (participant.voice !== voice && participant.listener.hear(voice, packet, outgoing, now)) passed++;
    }
    return passed;
  }

  /** The voice of somebody on another node; undefined when that client is here, by whatever way its packet came. */
  voiceOf(speaker: Speaker, now: number): Voice | undefined {
    if (this.participants.has(speaker.key)) return undefined;
    let voice = this.remote.get(speaker.key);
    if (voice?.speaker.levelId !== speaker.levelId) {
      if (voice) this.dropRemote(voice);
      voice = new Voice(speaker, now);
      this.remote.set(speaker.key, voice);
      this.tell({ type: 'joined', ...ownerOf(voice) });
    }
    return voice;
  }

  /** Notes who has stopped talking, and who on another node has gone. */
  sweep(now: number): void {
    for (const voice of this.voices()) if (voice.announced && !voice.isTalking(now)) this.announce(voice, false);
    for (const voice of this.remote.values()) if (now - voice.heardAt > REMOTE_QUIET_MS) this.dropRemote(voice);
  }

  private *voices(): Generator<Voice> {
    for (const { voice } of this.participants.values()) yield voice!;
    yield* this.remote.values();
  }

  private dropRemote(voice: Voice): void {
    this.remote.delete(voice.speaker.key);
    this.forget(voice);
    this.tell({ type: 'left', ...ownerOf(voice) });
  }

  private forget(voice: Voice): void {
    for (const { listener } of this.participants.values()) listener.forget(voice);
  }

  private announce(voice: Voice, speaking: boolean): void {
    voice.announced = speaking;
    this.tell({ type: 'speaking', speaking, ...ownerOf(voice) }, this.participants.get(voice.speaker.key));
  }

  private tell(event: SpeakerEvent, except?: Participant): void {
    for (const participant of this.participants.values()) {
      if (participant !== except) participant.listener.tell?.(event);
    }
  }
}
