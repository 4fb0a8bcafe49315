import protobuf from 'protobufjs';
import { type Patience, eventually } from './eventually.js';
import { type Closing, WsClient } from './ws-client.js';

const SLOW: Patience = { timeout: 30_000 };

/** Written down from the specification once more, so that a slip in the server's own schema shows. */
const { root } = protobuf.parse(`syntax = "proto3";
  message Message { oneof type { bool heartbeat = 1; Content content = 2; GroupData connect = 3; bool connected = 4; } }
  message Content { uint32 senderId = 1; uint32 recipientId = 2; bool lastData = 3; bytes data = 4; }
  message GroupData { uint32 id = 1; repeated uint32 members = 2; }`);
const Message = root.lookupType('Message');

interface Sent {
  senderId?: number;
  recipientId?: number;
  lastData?: boolean;
  data?: string | Buffer;
}

/** A content as it arrived: data as text, `undefined` where the field was not there. */
export interface Got {
  senderId: number;
  recipientId: number;
  lastData: boolean;
  data: string | undefined;
}

const encode = (message: object): Buffer => Buffer.from(Message.encode(Message.create(message)).finish());

export const connectFrame = (id: number, members: number[] = []): Buffer => encode({ connect: { id, members } });

export const contentFrame = ({ data = '', ...ids }: Sent): Buffer =>
  encode({ content: { ...ids, data: Buffer.from(data) } });

/** A Sigver client that says what a test tells it, and keeps what it gets. */
export class SigverClient {
  private readonly seen = { connected: 0, content: 0 };

  private constructor(readonly socket: WsClient) {}

  static async open(url: string): Promise<SigverClient> {
    return new SigverClient(await WsClient.open(url));
  }

  /** Everything it got, as hexadecimal digits. */
  get bytes(): string[] {
    return this.socket.binary.map((data) => data.toString('hex'));
  }

  /** The answers so far. */
  get answers(): boolean[] {
    return this.got('connected').map((message) => message['connected'] as boolean);
  }

  get contents(): Got[] {
    return this.got('content').map(({ content }) => {
      const { senderId, recipientId, lastData, data } = content as Got & { data: Buffer };
      const hasData = Object.hasOwn(content as object, 'data');
      return { senderId, recipientId, lastData, data: hasData ? data.toString() : undefined };
    });
  }

  private got(type: string): Record<string, unknown>[] {
    const messages = this.socket.binary.map((data) => Message.decode(data) as unknown as Record<string, unknown>);
    return messages.filter((message) => message['type'] === type);
  }

  /** Says that it is in, or wants in; resolves to the answer. */
  async connect(id: number, members: number[] = []): Promise<boolean> {
    this.send(connectFrame(id, members));
    return this.answer();
  }

  /** The next answer that no test has looked at yet. */
  async answer(): Promise<boolean> {
    const turn = this.seen.connected++;
    return eventually(() => this.answers.length > turn && { is: this.answers[turn]! }, SLOW).then(({ is }) => is);
  }

  /** The next content that no test has looked at yet. */
  async content(): Promise<Got> {
    const turn = this.seen.content++;
    return eventually(() => this.contents.length > turn && this.contents[turn]!, SLOW);
  }

  say(content: Sent): void {
    this.send(contentFrame(content));
  }

  send(...messages: (Buffer | string)[]): void {
    this.socket.send(...messages);
  }

  async end(): Promise<Closing> {
    return eventually(() => this.socket.closed ?? false, SLOW);
  }
}
