import type { Connection } from './connection.js';

/** What may wait before the socket is not read any further, in bytes: a mailbox client flushes a whole queue at once. */
const LIMIT_BYTES = 256 * 1024;

interface Message {
  data: Buffer;
  isBinary: boolean;
}

/** What a client has sent while its protocol is not ready for it, in order. */
export class MessageBacklog {
  private messages: Message[] = [];
  private taken = 0;
  private bytes = 0;

  constructor(private readonly connection: Pick<Connection, 'pause' | 'resume'>) {}

  add(data: Buffer, isBinary: boolean): void {
    this.messages.push({ data: Buffer.from(data), isBinary });
    this.bytes += data.length;
    if (this.bytes > LIMIT_BYTES) this.connection.pause();
  }

  /** The oldest that waits. With nothing left the socket is read again. */
  take(): Message | undefined {
    if (this.taken < this.messages.length) return this.messages[this.taken++];
    this.messages = [];
    this.taken = this.bytes = 0;
    this.connection.resume();
    return undefined;
  }

  /** Hands over all that waits, then goes on reading. */
  replay(receive: (data: Buffer, isBinary: boolean) => void): void {
    for (let next = this.take(); next; next = this.take()) receive(next.data, next.isBinary);
  }
}
