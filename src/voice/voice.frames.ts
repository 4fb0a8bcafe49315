import type { SpeakerEvent } from './media/contract.js';
import { MAX_SDP_BYTES } from './sdp/sections.js';

/** The two ways of talking on /connect: the SDP and nothing else, or words with a prefix. */
export type Form = 'raw' | 'prefixed';

/** What a client says on /connect. */
export type VoiceFrame =
  | { type: 'offer'; form: Form; sdp: string }
  | { type: 'candidate'; candidate: string }
  /** Anything else; nobody answers it, but its sender should know. */
  | { type: 'unknown' };

const OFFER = 'offer::';
const ICE = 'ice::';
const MAX_FRAME_BYTES = MAX_SDP_BYTES + OFFER.length;

/** Largest candidate that is looked at, in bytes: an IPv6 one with all its extensions is below 300. */
const MAX_CANDIDATE_BYTES = 1024;

/** Reads a client's message. Whatever begins like an SDP is an offer in the raw form. */
export function readFrame(data: Buffer): VoiceFrame {
  if (data.length > MAX_FRAME_BYTES) return { type: 'unknown' };
  const text = data.toString();
  if (text.startsWith(OFFER)) return { type: 'offer', form: 'prefixed', sdp: text.slice(OFFER.length) };
  if (text.startsWith(ICE) && data.length <= MAX_CANDIDATE_BYTES) {
    return { type: 'candidate', candidate: text.slice(ICE.length) };
  }
  return text.startsWith('v=') ? { type: 'offer', form: 'raw', sdp: text } : { type: 'unknown' };
}

/** `answer::<sdp>`, or the SDP alone. */
export function answerFrame(form: Form, sdp: string): string {
  return form === 'raw' ? sdp : `answer::${sdp}`;
}

/** `ice::<candidate:…>` */
export function candidateFrame(candidate: string): string {
  return ICE + candidate;
}

/** `event::<json>` */
export function eventFrame(event: SpeakerEvent): string {
  return `event::${JSON.stringify(event)}`;
}
