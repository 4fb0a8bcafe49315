import type { Offer, VoiceLine } from './offer.js';

/**
 * The offer as the engine gets to see it: written anew from what was validated, under mids of our own. Nothing a client
 * wrote reaches the engine that was not understood here first; some of what it does not understand ends its process.
 */
export function engineOffer({ lines, credentials }: Offer): string {
  const { ufrag, password, fingerprint, setup } = credentials;
  return text([
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${lines.map(engineMid).join(' ')}`,
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${password}`,
    `a=fingerprint:${fingerprint}`,
    `a=setup:${setup}`,
    ...lines.flatMap((line) => [
      `m=audio 9 UDP/TLS/RTP/SAVPF ${line.payloadType}`,
      'c=IN IP4 0.0.0.0',
      `a=mid:${engineMid(line)}`,
      `a=${line.hears ? (line.speaks ? 'sendrecv' : 'sendonly') : 'recvonly'}`,
      'a=rtcp-mux',
      `a=rtpmap:${line.payloadType} opus/48000/2`,
      ...(line.hears ? line.ssrcs.map((ssrc) => `a=ssrc:${ssrc} cname:client`) : []),
    ]),
  ]);
}

/** What the engine calls this line. */
export function engineMid({ index }: VoiceLine): string {
  return String(index);
}

/** SDP as a text. */
export function text(lines: readonly string[]): string {
  return `${lines.join('\r\n')}\r\n`;
}
