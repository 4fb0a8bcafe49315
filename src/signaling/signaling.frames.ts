import { isUtf8 } from 'node:buffer';
import { rawMember } from '../core/json/raw-member.js';

/** The two places of a room. */
export type Side = 'A' | 'B';

/** Frames that go to the other side as they are. */
export const RELAYED = ['offer', 'answer', 'ice', 'sender_ready'] as const;
export type Relayed = (typeof RELAYED)[number];

/** What a client sends, as far as the server has to understand it. */
export type ClientFrame =
  | { type: Relayed }
  | { type: 'hello'; deliveredUpTo: number }
  /** `payload` is the JSON text the client wrote. */
  | { type: 'send'; to: Side; payload: string }
  | { type: 'delivered'; upTo: number }
  | { type: 'telemetry'; event: 'ice-connected' | 'ice-failed'; mode: string; reason: string };

export const FRAME_TYPES = [...RELAYED, 'hello', 'send', 'delivered', 'telemetry'] as const;
export type FrameType = (typeof FRAME_TYPES)[number];

/** Why a frame cannot be used. The wire has no answer for it: counted, and told only to who asked with `?errors=1`. */
export const BAD_FRAME_REASONS = [
  'not_json',
  'not_object',
  'unknown_type',
  'bad_number',
  'bad_target',
  'no_payload',
  'bad_event',
] as const;
export type BadFrameReason = (typeof BAD_FRAME_REASONS)[number];

/** A message that cannot be used. */
export class BadFrame extends Error {
  constructor(readonly reason: BadFrameReason) {
    super(reason);
  }
}

/** To both sides whenever a connection makes the room complete. */
export const ROOM_FULL = '{"type":"room_full"}';

/** A frame out of the mailbox, in the dialect of its reader: see `Seat`. */
export function mailFrame(dialect: 'deliver' | 'send', seq: number, from: Side, payload: string): string {
  const sender = dialect === 'deliver' ? `"from":"${from}",` : '';
  return `{"type":"${dialect}","seq":${seq},${sender}"payload":${payload}}`;
}

/** Only for who asked for it with `?errors=1`: clients that did not would take it for something else. */
export function errorFrame(code: string, message: string): string {
  return JSON.stringify({ type: 'error', code, message });
}

/** Mail is numbered above any watermark: this leaves as many exact integers again to go on counting. */
const MAX_WATERMARK = 2 ** 52;

const RELAY_FRAMES = new Map<unknown, ClientFrame>(RELAYED.map((type) => [type, Object.freeze({ type })]));

interface Members {
  type?: unknown;
  deliveredUpTo?: unknown;
  upTo?: unknown;
  to?: unknown;
  event?: unknown;
  mode?: unknown;
  reason?: unknown;
}

/**
 * Reads one message.
 * @param isBinary binary messages are taken when they hold text; they leave as text, so they must be UTF-8
 * @throws BadFrame
 */
export function parseFrame(data: Buffer, isBinary: boolean): ClientFrame {
  const members = parseObject(data, isBinary);
  const relayed = RELAY_FRAMES.get(members.type);
  if (relayed !== undefined) return relayed;
  const type = typeof members.type === 'string' ? members.type.toLowerCase() : '';
  switch (type) {
    case 'hello':
      return { type, deliveredUpTo: members.deliveredUpTo == null ? 0 : watermark(members.deliveredUpTo) };
    case 'send':
      return { type, to: side(members.to), payload: payload(data) };
    case 'delivered':
      return { type, upTo: watermark(members.upTo) };
    case 'telemetry':
      return { type, event: event(members.event), mode: text(members.mode), reason: text(members.reason) };
    default: {
      const lowered = RELAY_FRAMES.get(type);
      if (lowered === undefined) throw new BadFrame('unknown_type');
      return lowered;
    }
  }
}

/**
 * Bytes as Latin-1 are one step, and JSON's grammar is ASCII: whatever is beyond stands inside strings, where it need
 * only be carried. What is read out of the object here is ASCII; the payload is taken from the bytes as UTF-8.
 */
function parseObject(data: Buffer, isBinary: boolean): Members {
  if (isBinary && !isUtf8(data)) throw new BadFrame('not_json');
  let value: unknown;
  try {
    value = JSON.parse(data.toString('latin1'));
  } catch {
    throw new BadFrame('not_json');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadFrame('not_object');
  return value;
}

function watermark(value: unknown): number {
  const valid = Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_WATERMARK;
  if (!valid) throw new BadFrame('bad_number');
  return value as number;
}

function side(value: unknown): Side {
  if (value === 'A' || value === 'a') return 'A';
  if (value === 'B' || value === 'b') return 'B';
  throw new BadFrame('bad_target');
}

function payload(data: Buffer): string {
  const raw = rawMember(data.toString(), 'payload');
  if (raw === undefined) throw new BadFrame('no_payload');
  return raw;
}

function event(value: unknown): 'ice-connected' | 'ice-failed' {
  if (value === 'ice-connected' || value === 'ice-failed') return value;
  throw new BadFrame('bad_event');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim().toLowerCase() : '';
}
