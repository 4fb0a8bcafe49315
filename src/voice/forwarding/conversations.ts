import type { ConversationTap, Speaker } from '../media/tap.js';
import { Conversation } from './conversation.js';
import { Outgoing } from './outgoing.js';
import type { Participant } from './participant.js';
import { RtpPacket } from './rtp-packet.js';
import type { Voice } from './voice.js';

/**
 * Forwards every packet to those who are to hear it: all others in the conversation, at most as many voices at once as
 * each has slots. Knows neither sockets nor the engine; time is an argument.
 */
export class Conversations {
  packetsIn = 0;
  packetsOut = 0;
  bytesIn = 0;
  bytesOut = 0;
  badPackets = 0;
  private readonly conversations = new Map<string, Conversation>();
  private readonly packet = new RtpPacket();
  private readonly outgoing = new Outgoing();

  constructor(private readonly tap: ConversationTap) {}

  get size(): number {
    return this.conversations.size;
  }

  /** Puts the participant into a conversation, out of its former one. */
  move(participant: Participant, id: string, now: number): void {
    if (participant.conversation?.id === id) return;
    this.leave(participant);
    let conversation = this.conversations.get(id);
    if (!conversation) {
      conversation = new Conversation(id);
      this.conversations.set(id, conversation);
      this.tap.listening(id, true);
    }
    conversation.add(participant, now);
  }

  /** Takes the participant out of its conversation, if it is in one. */
  leave(participant: Participant): void {
    const { conversation } = participant;
    if (!conversation) return;
    conversation.remove(participant);
    if (conversation.size > 0) return;
    this.conversations.delete(conversation.id);
    this.tap.listening(conversation.id, false);
  }

  /** A client of this node has sent these bytes. Returns whether they are an RTP packet. */
  received(participant: Participant, bytes: Buffer, now: number): boolean {
    if (!this.packet.read(bytes)) {
      this.badPackets++;
      return false;
    }
    this.packetsIn++;
    this.bytesIn += bytes.length;
    const { conversation, voice } = participant;
    if (!conversation) return true;
    this.tap.heard(bytes, voice!.speaker);
    this.pass(conversation, voice!, now);
    return true;
  }

  /** Another node has heard these bytes. */
  receivedRemote(bytes: Buffer, speaker: Speaker, now: number): void {
    const conversation = this.conversations.get(speaker.conversation);
    if (!conversation) return;
    const voice = conversation.voiceOf(speaker, now);
    if (!voice) return;
    if (this.packet.read(bytes)) this.pass(conversation, voice, now);
    else this.badPackets++;
  }

  /** To be called a few times a second: notes who has stopped talking. */
  sweep(now: number): void {
    for (const conversation of this.conversations.values()) conversation.sweep(now);
  }

  private pass(conversation: Conversation, voice: Voice, now: number): void {
    const { packet, outgoing } = this;
    outgoing.load(packet);
    const receivers = conversation.pass(voice, packet, outgoing, now);
    this.packetsOut += receivers;
    this.bytesOut += receivers * outgoing.length;
  }
}
