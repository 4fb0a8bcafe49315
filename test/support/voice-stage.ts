import { Conversations } from '../../src/voice/forwarding/conversations.js';
import { Listener } from '../../src/voice/forwarding/listener.js';
import { Participant } from '../../src/voice/forwarding/participant.js';
import { Slot } from '../../src/voice/forwarding/slot.js';
import type { SpeakerEvent } from '../../src/voice/media/contract.js';
import { type ConversationTap, noTap } from '../../src/voice/media/tap.js';
import { rtp } from './rtp.js';

const PACKET_MS = 20;

/** Audio levels (RFC 6464), in -dBov: two of somebody who talks, and one of somebody who does not. */
export const LOUD = 20;
export const SOFT = 40;
export const QUIET = 90;

/** A client without a transport: what it is sent is kept by m-line. */
export class FakeVoice {
  readonly heard: { mid: string; payload: string; payloadType: number; sequence: number }[] = [];
  readonly events: SpeakerEvent[] = [];
  readonly participant: Participant;
  private sequence = 0;

  constructor(user: string, { slots = 1, levelId = 1, client = 'c', payloadType = 111, listens = false } = {}) {
    const lines = Array.from({ length: slots }, (_, i) => {
      const mid = String(i);
      const send = (packet: Buffer): void =>
        void this.heard.push({
          mid,
          payload: packet.toString('utf8', 12),
          payloadType: packet[1]! & 0x7f,
          sequence: packet.readUInt16BE(2),
        });
      return new Slot({ mid, ssrc: 1000 + i, payloadType }, { send });
    });
    const tell = listens ? (event: SpeakerEvent): void => void this.events.push(event) : undefined;
    this.participant = new Participant({ user, client }, new Listener(lines, tell), levelId);
  }

  packet(level: number): Buffer {
    const { user } = this.participant.owner;
    const ssrc = user.charCodeAt(0);
    return rtp({ sequence: this.sequence++, ssrc, extensions: { 1: [level] }, payload: user });
  }

  /** Whose voices it was sent since the last time it was asked. */
  hears(): string[] {
    return [...new Set(this.heard.splice(0).map(({ payload }) => payload))].sort();
  }
}

/** Conversations without an engine, and a time of their own. */
export class VoiceStage {
  now = 10_000;
  readonly conversations: Conversations;

  constructor(tap: ConversationTap = noTap()) {
    this.conversations = new Conversations(tap);
  }

  enter(id: string, ...clients: FakeVoice[]): void {
    for (const { participant } of clients) this.conversations.move(participant, id, this.now);
  }

  leave({ participant }: FakeVoice): void {
    this.conversations.leave(participant);
  }

  /** So much time passes, and is looked at. */
  sweep(ms = 0): void {
    this.conversations.sweep((this.now += ms));
  }

  /** Everybody sends a packet at his level every 20 ms, for so long. */
  speak(ms: number, ...levels: [FakeVoice, number][]): void {
    for (const end = this.now + ms; this.now < end; this.now += PACKET_MS) {
      for (const [client, level] of levels) {
        this.conversations.received(client.participant, client.packet(level), this.now);
      }
    }
  }
}
