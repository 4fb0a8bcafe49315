import type { Connection } from './connection.js';

/** What may wait before the socket is not read any further, in bytes: a mailbox client flushes a whole queue at once. */
const LIMIT_BYTES = 256 * 1024;

/** What a client has sent while its protocol is not ready for it, in order. */
export class MessageBacklog {
  private readonly messages: { data: Buffer; isBinary: boolean }[] = [];
  private bytes = 0;

  constructor(private readonly connection: Pick<Connection, 'pause' | 'resume'>) {}

  add(data: Buffer, isBinary: boolean): void {
    this.messages.push({ data: Buffer.from(data), isBinary });
    this.bytes += data.length;
    if (this.bytes > LIMIT_BYTES) this.connection.pause();
  }

  /** Hands over what waits, then goes on reading. Called once. */
  replay(receive: (data: Buffer, isBinary: boolean) => void): void {
    for (const { data, isBinary } of this.messages) receive(data, isBinary);
    this.connection.resume();
  }
}
