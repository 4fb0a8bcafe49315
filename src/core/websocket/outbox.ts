import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Frame } from '../rooms/member.js';

/** RFC 6455, 5.2: a frame that is a whole message; servers do not mask. */
const FINAL_TEXT = 0x81;
const FINAL_BINARY = 0x82;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const MAX_LENGTH_7 = 125;
const MAX_LENGTH_16 = 0xffff;

/** Up to here a batch is copied into one buffer, which costs less than handing the kernel a list; in bytes. */
const COPY_BYTES = 64 * 1024;

/** More than this many sockets written to in one tick wait for the end of the turn of the event loop. */
const FEW_OUTBOXES = 4;

let filled: Outbox[] = [];

/**
 * The messages that leave on one socket. All that is put in during one tick is written at its end, at once: a
 * system call per message is where most of a relay's time would go. Frames are made here and not by the WebSocket
 * library, which makes two writes of each; without compression and masking there is little to a frame.
 */
export class Outbox {
  private frames: Frame[] = [];
  private bytes = 0;
  private onWritten: (() => void)[] | undefined;
  private unanswered: Buffer | undefined;
  private readonly opcode: number;

  constructor(
    private readonly socket: Duplex,
    private readonly ws: WebSocket,
    binary: boolean,
  ) {
    this.opcode = binary ? FINAL_BINARY : FINAL_TEXT;
  }

  /** Bytes that the kernel has not taken yet. */
  get backlog(): number {
    return this.bytes + this.socket.writableLength;
  }

  /** @param onWritten called when the message was handed to the kernel, or never will be */
  add(frame: Frame, bytes: number, onWritten?: () => void): void {
    if (this.frames.push(frame) === 1 && filled.push(this) === 1) process.nextTick(flushAll);
    this.bytes += bytes + headerBytes(bytes);
    if (onWritten) (this.onWritten ??= []).push(onWritten);
  }

  /**
   * Answers a ping. While the kernel takes nothing more, only the newest is kept, to be answered then (RFC 6455, 5.5.3,
   * asks for no more): the answers to one who pings and never reads would pile up here.
   */
  pong(data: Buffer): void {
    if (!this.socket.writableNeedDrain) return this.ws.pong(data);
    if (this.unanswered === undefined) this.socket.once('drain', () => this.pongNewest());
    this.unanswered = Buffer.from(data);
  }

  private pongNewest(): void {
    this.ws.pong(this.unanswered);
    this.unanswered = undefined;
  }

  /** Writes what has been put in; before anything else that is to follow it on the socket. */
  flush(): void {
    const { frames, bytes, onWritten } = this;
    if (frames.length === 0) return;
    this.frames = [];
    this.bytes = 0;
    this.onWritten = undefined;
    const written = onWritten && ((): void => onWritten.forEach((each) => each()));
    if (this.ws.readyState !== this.ws.OPEN) written?.();
    else if (bytes <= COPY_BYTES) this.socket.write(this.joined(frames, bytes), written);
    else this.writeEach(frames, written);
  }

  private writeEach(frames: Frame[], written?: () => void): void {
    this.socket.cork();
    for (const [i, frame] of frames.entries()) {
      const payload = typeof frame === 'string' ? Buffer.from(frame) : frame;
      const header = Buffer.allocUnsafe(headerBytes(payload.length));
      writeHeader(header, 0, this.opcode, payload.length);
      this.socket.write(header);
      this.socket.write(payload, i === frames.length - 1 ? written : undefined);
    }
    this.socket.uncork();
  }

  private joined(frames: Frame[], bytes: number): Buffer {
    const batch = Buffer.allocUnsafe(bytes);
    let at = 0;
    for (const frame of frames) {
      const length = typeof frame === 'string' ? Buffer.byteLength(frame) : frame.length;
      at = writeHeader(batch, at, this.opcode, length);
      at += typeof frame === 'string' ? batch.write(frame, at) : frame.copy(batch, at);
    }
    return batch;
  }
}

/**
 * Who relays writes to one socket or two; a tick that fills more has told something to many. Others are likely to do so
 * in the same turn of the event loop, as when all peers of a room arrive at once, and each socket gets one write for all.
 */
function flushAll(): void {
  if (filled.length > FEW_OUTBOXES) setImmediate(flushFilled);
  else flushFilled();
}

function flushFilled(): void {
  const outboxes = filled;
  filled = [];
  for (const outbox of outboxes) outbox.flush();
}

function headerBytes(length: number): number {
  return length <= MAX_LENGTH_7 ? 2 : length <= MAX_LENGTH_16 ? 4 : 10;
}

/** Returns where the payload begins. */
function writeHeader(target: Buffer, at: number, opcode: number, length: number): number {
  target[at] = opcode;
  if (length <= MAX_LENGTH_7) {
    target[at + 1] = length;
    return at + 2;
  }
  if (length <= MAX_LENGTH_16) {
    target[at + 1] = LENGTH_16;
    return target.writeUInt16BE(length, at + 2);
  }
  target[at + 1] = LENGTH_64;
  target.writeUInt32BE(Math.floor(length / 2 ** 32), at + 2);
  return target.writeUInt32BE(length % 2 ** 32, at + 6);
}
