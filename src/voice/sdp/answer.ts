import { type Candidate, writeCandidate } from './candidate.js';
import { text } from './engine-offer.js';
import type { Offer, VoiceLine } from './offer.js';

/** Our side of the transport, as the engine made it up. */
export interface LocalTransport {
  ufrag: string;
  password: string;
  /** `sha-256 AA:BB:…` */
  fingerprint: string;
  setup: string;
}

/** Opus as it is wanted: low delay, and with its own repair of lost packets (RFC 7587, 6.1). */
export const OPUS_FORMAT = 'minptime=10;useinbandfec=1';

const LEVEL_URI = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';

/** Reads our side of the transport out of the engine's own answer. */
export function readTransport(sdp: string): LocalTransport {
  const value = (name: string): string => {
    const found = new RegExp(`^a=${name}:(.+?)\r?$`, 'm').exec(sdp)?.[1];
    if (!found) throw new Error(`the engine's answer has no ${name}`);
    return found;
  };
  return {
    ufrag: value('ice-ufrag'),
    password: value('ice-pwd'),
    fingerprint: value('fingerprint'),
    setup: value('setup'),
  };
}

/**
 * The answer for the client: each m-line in the place it was offered, under its own mid, those that are not taken
 * rejected (port 0, RFC 3264, 6), all candidates on the first that is.
 * @param ssrcOf the SSRC with which a line speaks
 */
export function writeAnswer(
  offer: Offer,
  transport: LocalTransport,
  candidates: readonly Candidate[],
  ssrcOf: (line: VoiceLine) => number,
): string {
  const { lines, sections, bundled } = offer;
  const port = candidates[0]?.port ?? 9;
  return text([
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    ...(bundled ? [`a=group:BUNDLE ${lines.map(({ mid }) => mid).join(' ')}`] : []),
    ...sections.flatMap(({ media, mid }, index) => {
      const line = lines.find((each) => each.index === index);
      if (!line) return rejected(media, mid);
      const tail =
        line === lines[0] ? [...candidates.map((each) => `a=${writeCandidate(each)}`), 'a=end-of-candidates'] : [];
      return [...accepted(line, transport, port, ssrcOf(line)), ...tail];
    }),
  ]);
}

function accepted(
  line: VoiceLine,
  { ufrag, password, fingerprint, setup }: LocalTransport,
  port: number,
  ssrc: number,
): string[] {
  const { mid, protocol, payloadType, levelId, hears, speaks } = line;
  return [
    `m=audio ${port} ${protocol} ${payloadType}`,
    'c=IN IP4 0.0.0.0',
    ...(mid === undefined ? [] : [`a=mid:${mid}`]),
    `a=${speaks ? (hears ? 'sendrecv' : 'sendonly') : 'recvonly'}`,
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${password}`,
    `a=fingerprint:${fingerprint}`,
    `a=setup:${setup}`,
    'a=rtcp-mux',
    `a=rtpmap:${payloadType} opus/48000/2`,
    `a=fmtp:${payloadType} ${OPUS_FORMAT}`,
    ...(hears && levelId > 0 ? [`a=extmap:${levelId} ${LEVEL_URI}`] : []),
    ...(speaks ? [`a=msid:voice-${ssrc} voice-${ssrc}`, `a=ssrc:${ssrc} cname:signalbox`] : []),
  ];
}

/** What was offered comes back as it was, with port 0; only words that can do no harm. */
function rejected(media: readonly string[], mid: string | undefined): string[] {
  const [kind, , protocol, ...formats] = media;
  return [
    `m=${kind} 0 ${protocol} ${formats.join(' ')}`,
    'c=IN IP4 0.0.0.0',
    ...(mid === undefined ? [] : [`a=mid:${mid}`]),
    'a=inactive',
  ];
}
