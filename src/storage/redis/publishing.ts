import { Command, type Redis } from 'ioredis';

/** How many messages may be under way to the server at once: what it takes in the seconds until its loss is noticed. */
const MAX_UNANSWERED = 10_000;

/** What may wait to be sent to a server that does not take it, in bytes; it is given up within seconds then. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

const DONE = Promise.resolve();

/**
 * PUBLISH, sent again and again: one command stands in the client's queue as often as there are answers to come. A
 * command of its own for each message, with a promise and a timer, costs more than the message.
 */
export class Publishing extends Command {
  /** Messages to which the server has not answered yet. */
  unanswered = 0;
  private packet: Buffer = Buffer.alloc(0);

  constructor() {
    super('publish');
    this.promise = DONE; // nobody waits for an answer; that the server is away is told elsewhere
    this.resolve = this.reject = () => void this.unanswered--;
  }

  /** @returns whether it was sent: not while more waits than the limits above allow */
  send(redis: Redis, channel: string, message: Buffer): boolean {
    if (this.unanswered >= MAX_UNANSWERED || redis.stream.writableLength > MAX_WAITING_BYTES) return false;
    this.packet = packetOf(channel, message);
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

/** The command as the protocol has it, in one piece. */
function packetOf(channel: string, message: Buffer): Buffer {
  const name = Buffer.byteLength(channel);
  const head = `*3\r\n$7\r\npublish\r\n$${name}\r\n${channel}\r\n$${message.length}\r\n`;
  const start = Buffer.byteLength(head);
  const packet = Buffer.allocUnsafe(start + message.length + 2);
  packet.write(head);
  message.copy(packet, start);
  packet.write('\r\n', start + message.length, 'latin1');
  return packet;
}
