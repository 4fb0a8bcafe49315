import type { Farewell, Frame } from '../../core/rooms/member.js';
import type { Question } from '../../core/rooms/node-bus.js';
import type { Message } from './publishing.js';

/** What a record in a batch is. A message that is no batch is a change of a room, as JSON: see `room.lua`. */
export enum Kind {
  Frame = 1,
  Note = 2,
  /** JSON: {@link Asked}. */
  Question = 3,
  /** JSON: {@link Answered}; the member is 0. */
  Answer = 4,
}

export interface Asked {
  /** Who gets the answer. */
  node: string;
  id: number;
  /** `heard` is for the node itself: what was sent before has been taken. */
  question: Question | 'heard';
  farewell?: Farewell;
}

export interface Answered {
  id: number;
  answer: boolean | undefined;
}

/** The first byte of a batch; JSON begins with a bracket. */
const BATCH = 0;

/** A record's head: its kind, the member's number at its node (6 bytes, as many as sockets will ever be), its length. */
const HEAD_BYTES = 1 + 6 + 4;

/** What goes to one node in one message: records in order. */
export class Batch implements Message {
  private readonly records: { kind: Kind; member: number; body: Frame; bytes: number }[] = [];
  bytes = 1;

  /** How many records it holds. */
  get count(): number {
    return this.records.length;
  }

  add(kind: Kind, member: number, body: Frame): void {
    const bytes = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
    this.records.push({ kind, member, body, bytes });
    this.bytes += HEAD_BYTES + bytes;
  }

  writeTo(target: Buffer, start: number): void {
    let at = target.writeUInt8(BATCH, start);
    for (const { kind, member, body, bytes } of this.records) {
      at = target.writeUInt8(kind, at);
      at = target.writeUIntBE(member, at, 6);
      at = target.writeUInt32BE(bytes, at);
      at += typeof body === 'string' ? target.write(body, at) : body.copy(target, at);
    }
  }
}

export function isBatch(message: Buffer): boolean {
  return message[0] === BATCH;
}

/** Reads a batch; the bodies are parts of the message. */
export function* readBatch(message: Buffer): Generator<{ kind: Kind; member: number; body: Buffer }> {
  let at = 1;
  while (at < message.length) {
    const start = at + HEAD_BYTES;
    const end = start + message.readUInt32BE(at + 7);
    yield { kind: message[at]!, member: message.readUIntBE(at + 1, 6), body: message.subarray(start, end) };
    at = end;
  }
}
