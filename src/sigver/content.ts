import { varintBytes, writeVarint } from '../core/varint.js';

/** What one client has for another: `Message { Content content = 2 }`. Who sent it is known without its `senderId`. */
export interface Content {
  type: 'content';
  /** The signaling id of the joiner it is for; of no account from a joiner to its member. */
  recipientId: number;
  /** Nothing more will come in this direction. */
  lastData: boolean;
  /** Of the received message, not a copy. */
  data: Buffer;
}

/** Tags: the field's number × 8 + its wire type (0 = varint, 2 = length and bytes). */
const CONTENT = 0x12;
const SENDER_ID = 0x08;
const RECIPIENT_ID = 0x10;
const LAST_DATA = 0x18;
const DATA = 0x22;

/** A varint has seven bits a byte, the least significant first, and the eighth says that more follow. */
const SEVEN_BITS = 0x7f;
const MORE = 0x80;
const UINT32_BYTES = 5;

const NOTHING = Buffer.alloc(0);

/** Where the last {@link readVarint} ended; a variable, as an object per number would cost more than reading it. */
let next = 0;

/**
 * Reads a Content as encoders write it: the fields in order, each at most once, nothing else. Nearly all that is
 * relayed is read here; the library takes several times as long.
 * @returns undefined where the message is anything else, right or wrong.
 */
export function parseContent(message: Buffer): Content | undefined {
  if (message[0] !== CONTENT) return undefined;
  const length = readVarint(message, 1);
  if (length < 0 || next + length !== message.length) return undefined;
  let at = next;
  let recipientId = 0;
  let lastData = false;
  if (message[at] === SENDER_ID) {
    if (readVarint(message, at + 1) < 0) return undefined;
    at = next;
  }
  if (message[at] === RECIPIENT_ID) {
    recipientId = readVarint(message, at + 1);
    if (recipientId < 0) return undefined;
    at = next;
  }
  if (message[at] === LAST_DATA) {
    const flag = message[at + 1];
    if (flag !== 0 && flag !== 1) return undefined;
    lastData = flag === 1;
    at += 2;
  }
  if (at === message.length) return { type: 'content', recipientId, lastData, data: NOTHING };
  if (message[at] !== DATA) return undefined;
  const bytes = readVarint(message, at + 1);
  if (bytes < 0 || next + bytes !== message.length) return undefined;
  return { type: 'content', recipientId, lastData, data: message.subarray(next) };
}

/** Writes a Content; like the library, without the fields that are 0 or empty. */
export function contentFrame(senderId: number, recipientId: number, data: Buffer = NOTHING): Buffer {
  const length =
    fieldBytes(senderId) + fieldBytes(recipientId) + (data.length && fieldBytes(data.length) + data.length);
  const frame = Buffer.allocUnsafe(1 + varintBytes(length) + length);
  frame[0] = CONTENT;
  let at = writeVarint(frame, 1, length);
  if (senderId > 0) at = writeField(frame, at, SENDER_ID, senderId);
  if (recipientId > 0) at = writeField(frame, at, RECIPIENT_ID, recipientId);
  if (data.length > 0) data.copy(frame, writeField(frame, at, DATA, data.length));
  return frame;
}

/** An unsigned 32-bit number; -1 where there is none within the message. */
function readVarint(message: Buffer, at: number): number {
  let value = 0;
  let unit = 1;
  for (let i = 0; i < UINT32_BYTES; i++, unit *= MORE) {
    const byte = message[at + i];
    if (byte === undefined) return -1;
    value += (byte & SEVEN_BITS) * unit;
    if (byte & MORE) continue;
    next = at + i + 1;
    return value <= 0xffffffff ? value : -1;
  }
  return -1;
}

function writeField(frame: Buffer, at: number, tag: number, value: number): number {
  frame[at] = tag;
  return writeVarint(frame, at + 1, value);
}

function fieldBytes(value: number): number {
  return value > 0 ? 1 + varintBytes(value) : 0;
}
