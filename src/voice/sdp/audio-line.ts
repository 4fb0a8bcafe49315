import { isRtcp } from '../forwarding/rtp-packet.js';
import type { Section } from './sections.js';

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** An audio m-line of the offer that could be used. */
export interface AudioLine {
  /** Its place among the offer's m-lines, from 0. */
  index: number;
  /** Undefined where the client gave none. */
  mid: string | undefined;
  protocol: string;
  direction: Direction;
  /** Opus, as the client numbers it. */
  payloadType: number;
  /** The id of the RFC 6464 audio level; 0 = not offered. */
  levelId: number;
  /** What the client says it will send with. */
  ssrcs: readonly number[];
}

/** Media over DTLS; the last is how it was written before 2014, and still is by some. */
const PROTOCOLS = ['UDP/TLS/RTP/SAVPF', 'UDP/TLS/RTP/SAVP', 'RTP/SAVPF'];

const OPUS = /^(\d{1,3}) opus\/48000\/2$/i; // RFC 7587, 7
const LEVEL = /^(\d{1,2})(?:\/(sendrecv|sendonly))? urn:ietf:params:rtp-hdrext:ssrc-audio-level(?: |$)/;
const MID = /^[A-Za-z0-9!#$%&'*+.^_`{|}~-]{1,32}$/; // RFC 8866 token
const SSRC = /^(\d{1,10}) /;

const MAX_PAYLOAD_TYPE = 127;
/** 15 is reserved, and above lies the two-byte form (RFC 8285, 4.2). */
const MAX_EXTENSION_ID = 14;
const MAX_SSRC = 0xffffffff;
/** As many SSRCs as one microphone may announce: two while it changes over, and then some. */
const MAX_SSRCS = 4;

/** Reads an m-line; undefined where it is not one of ours: no audio, no Opus, switched off, or not well-formed. */
export function readAudioLine({ media, attributes }: Section, index: number): AudioLine | undefined {
  const [kind, port, protocol = '', ...formats] = media;
  const off = port === '0' && !attributes.has('bundle-only');
  if (kind !== 'audio' || off || !PROTOCOLS.includes(protocol)) return undefined;
  const payloadType = opusAmong(attributes.get('rtpmap') ?? [], formats);
  const mid = attributes.get('mid')?.[0];
  if (payloadType === undefined || (mid !== undefined && !MID.test(mid))) return undefined;
  return {
    index,
    mid,
    protocol,
    direction: (['sendonly', 'recvonly', 'inactive'] as const).find((name) => attributes.has(name)) ?? 'sendrecv',
    payloadType,
    levelId: levelAmong(attributes.get('extmap') ?? []),
    ssrcs: ssrcsAmong(attributes.get('ssrc') ?? []),
  };
}

function opusAmong(rtpmaps: readonly string[], formats: readonly string[]): number | undefined {
  const types = rtpmaps.map((map) => OPUS.exec(map)?.[1]).filter((type) => type !== undefined);
  return types
    .filter((type) => formats.includes(type))
    .map(Number)
    .find((type) => type <= MAX_PAYLOAD_TYPE && !isRtcp(type));
}

function levelAmong(extmaps: readonly string[]): number {
  const ids = extmaps.map((map) => Number(LEVEL.exec(map)?.[1] ?? 0));
  return ids.find((id) => id >= 1 && id <= MAX_EXTENSION_ID) ?? 0;
}

function ssrcsAmong(lines: readonly string[]): number[] {
  const ssrcs = lines.map((line) => Number(SSRC.exec(line)?.[1] ?? 0));
  return [...new Set(ssrcs.filter((ssrc) => ssrc > 0 && ssrc <= MAX_SSRC))].slice(0, MAX_SSRCS);
}
