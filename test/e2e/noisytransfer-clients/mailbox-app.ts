import { fileURLToPath } from 'node:url';
import { Child, type Message } from '../../support/child.js';
import { eventually } from '../../support/eventually.js';

const SCRIPT = fileURLToPath(new URL('./clients/mailbox.mjs', import.meta.url));

export interface MailboxOptions {
  relay: string;
  room: string;
  side: 'A' | 'B';
  sessionId?: string;
  /** What the application knows to have been delivered; by default as much mail as this process has seen. */
  deliveredUpTo?: number;
  /** Opens the next mailboxTransport as soon as one reports that it is closed. */
  reopen?: boolean;
  /** Instead of mailboxTransport its reconnecting socket, with hello and acknowledgements as PROTOCOLS says. */
  selfResuming?: boolean;
}

/** An application with a mailbox, in a process of its own. */
export class MailboxApp {
  private readonly child = new Child(SCRIPT);

  static async start(options: MailboxOptions): Promise<MailboxApp> {
    const app = new MailboxApp();
    await app.child.event('ready');
    await app.open(options);
    return app;
  }

  /** Opens a further transport. The former one is left as it is, as an application must which finds it closed. */
  async open(options: MailboxOptions): Promise<void> {
    const before = this.count('socket-open');
    this.child.send({ do: 'open', ...options });
    await eventually(() => expect(this.count('socket-open')).toBeGreaterThan(before));
  }

  send(...frames: unknown[]): void {
    this.child.send({ do: 'send', frames });
  }

  /** `frame` with `name` holding bytes, given as hex. */
  sendBytes(frame: object, name: string, hex: string): void {
    this.child.send({ do: 'sendBytes', frame, name, hex });
  }

  /** Sends the notes `from` to `to`, one every few milliseconds. */
  stream(from: number, to: number, everyMs = 4): void {
    this.child.send({ do: 'stream', from, to, everyMs });
  }

  /** Mail in the order of its arrival, repeats included; bytes as `hex:…`. */
  get mail(): unknown[] {
    return this.all('mail').map(({ frame }) => frame);
  }

  /** The numbers the server put on the mail; only of an application that resumes itself. */
  get sequence(): unknown[] {
    return this.all('sequence').map(({ seq }) => seq);
  }

  count(event: string): number {
    return this.all(event).length;
  }

  async event(event: string): Promise<Message> {
    return this.child.event(event);
  }

  /** Closes the transport opened last and waits for the closing handshake: the server has seen everything before. */
  async close(): Promise<void> {
    const socket = this.count('socket-open');
    this.child.send({ do: 'close' });
    await this.child.waitFor((message) => message.event === 'socket-closed' && message.socket === socket);
  }

  /** The same on a dead line: without waiting for anybody's answer. */
  abandon(): void {
    this.child.send({ do: 'close' });
  }

  async kill(): Promise<void> {
    await this.child.kill();
  }

  private all(event: string): Message[] {
    return this.child.messages.filter((message) => message.event === event);
  }
}

/** The notes `from` to `to`, as `stream` sends them. */
export function notes(from: number, to: number): { type: string; n: number }[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({ type: 'note', n: from + index }));
}
