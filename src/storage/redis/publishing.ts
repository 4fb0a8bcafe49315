import { Command, type Redis } from 'ioredis';

/** How many messages may be under way to the server at once: what it takes in the seconds until its loss is noticed. */
const MAX_UNANSWERED = 10_000;

/** What may wait to be sent to a server that does not take it, in bytes; it is given up within seconds then. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

/** Commands up to this size are all made in one place, in bytes: buffers that come and go keep the collector busy. */
const SCRATCH_BYTES = 128 * 1024;

const DONE = Promise.resolve();

/** A message that knows how to write itself. */
export interface Message {
  /** Its size. */
  readonly bytes: number;
  /** @param at where in the target it begins */
  writeTo(target: Buffer, at: number): void;
}

/**
 * PUBLISH, sent again and again: one command stands in the client's queue as often as there are answers to come. A
 * command of its own for each message, with a promise and a timer, costs more than the message.
 */
export class Publishing extends Command {
  /** Messages to which the server has not answered yet. */
  private unanswered = 0;
  private readonly scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  private packet = this.scratch;

  constructor() {
    super('publish');
    this.promise = DONE; // nobody waits for an answer; that the server is away is told elsewhere
    this.resolve = this.reject = () => void this.unanswered--;
  }

  /** @returns whether it was sent: not while more waits than the limits above allow */
  send(redis: Redis, channel: string, message: Message): boolean {
    const waiting = redis.stream.writableLength;
    if (this.unanswered >= MAX_UNANSWERED || waiting > MAX_WAITING_BYTES) return false;
    const head = `*3\r\n$7\r\npublish\r\n$${Buffer.byteLength(channel)}\r\n${channel}\r\n$${message.bytes}\r\n`;
    const start = Buffer.byteLength(head);
    const end = start + message.bytes;
    // What waits may be in the scratch still.
    const packet = waiting === 0 && end + 2 <= SCRATCH_BYTES ? this.scratch : Buffer.allocUnsafe(end + 2);
    packet.write(head);
    message.writeTo(packet, start);
    packet.write('\r\n', end);
    this.packet = packet.subarray(0, end + 2);
    this.unanswered++;
    void redis.sendCommand(this);
    return true;
  }

  override toWritable(): Buffer {
    return this.packet;
  }

  /** The link's heartbeat notices a server that stands still, and ends the connection with all that is unanswered. */
  override setTimeout(): void {}
}
