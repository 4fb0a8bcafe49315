import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { type ClientOptions, WebSocket } from 'ws';
import { type Answer, noteAnswer, UPGRADE } from './raw-http.js';

export interface Closing {
  code: number;
  reason: string;
}

/** Longer than the server takes for anything it ends a socket for. */
const END_MS = 60_000;

const clients = new Set<WsClient>();

/** For `afterEach`: no socket of a test outlives it. */
export function dropSockets(): void {
  for (const client of clients) client.terminate();
  clients.clear();
}

/** A WebSocket that listens from before its handshake on, and keeps all that it gets, in order. */
export class WsClient {
  /** Text messages. */
  readonly frames: string[] = [];
  /** Binary messages: the server never sends any. */
  readonly binary: Buffer[] = [];
  pings = 0;
  closed: Closing | undefined;
  readonly ws: WebSocket;
  private readonly ended: Promise<Closing>;

  private constructor(url: string, options: ClientOptions) {
    this.ws = new WebSocket(url, { perMessageDeflate: false, rejectUnauthorized: false, ...options });
    clients.add(this);
    this.ws.on('message', (data: Buffer, isBinary) =>
      isBinary ? this.binary.push(data) : this.frames.push(data.toString()),
    );
    this.ws.on('ping', () => this.pings++);
    this.ws.on('error', () => undefined); // `close` follows
    this.ended = new Promise((resolve) => {
      this.ws.once('close', (code, reason) => {
        clients.delete(this);
        this.closed = { code, reason: reason.toString() };
        resolve(this.closed);
      });
    });
  }

  /** Does not wait for the handshake. */
  static begin(url: string, options: ClientOptions = {}): WsClient {
    return new WsClient(url, options);
  }

  static async open(url: string, options: ClientOptions = {}): Promise<WsClient> {
    const client = new WsClient(url, options);
    await once(client.ws, 'open');
    return client;
  }

  /** Messages as they are; objects as JSON. Buffers go out as binary messages. */
  send(...messages: (string | Buffer | object)[]): void {
    for (const message of messages) {
      const asIs = typeof message === 'string' || Buffer.isBuffer(message);
      this.ws.send(asIs ? message : JSON.stringify(message));
    }
  }

  /**
   * Resolves once the server has handled all that was sent before, and what came of it has arrived. Twice a round trip,
   * as what the server does for a message may take it a turn; or further ones, to a store.
   */
  async settled(): Promise<void> {
    await this.roundTrip();
    await between();
    await this.roundTrip();
  }

  /** A ping is no message, and is answered in order. */
  private async roundTrip(): Promise<void> {
    const mark = randomUUID();
    const answered = new Promise<void>((resolve) => {
      const look = (data: Buffer): void => {
        if (data.toString() !== mark) return;
        this.ws.off('pong', look);
        resolve();
      };
      this.ws.on('pong', look);
    });
    this.ws.ping(mark);
    await Promise.race([answered, this.ended]);
  }

  /** How it ended, or will end within {@link END_MS}. */
  async end(): Promise<Closing> {
    const waiting = new AbortController();
    const late = delay(END_MS, undefined, { signal: waiting.signal }).then(
      () => Promise.reject(new Error(`not closed within ${END_MS} ms`)),
      () => this.ended,
    );
    try {
      return await Promise.race([this.ended, late]);
    } finally {
      waiting.abort();
    }
  }

  /** Closes as a client does, and waits for the server's answer. */
  async close(code = 1000): Promise<Closing> {
    this.ws.close(code);
    return this.ended;
  }

  /** The connection breaks off without a closing handshake. */
  terminate(): void {
    this.ws.terminate();
  }
}

let between: () => Promise<void> = async () => {};

/** Where more than one server stands between clients: resolves once what they have told each other and their store is done. */
export function settleBetween(settle: () => Promise<void>): void {
  between = settle;
}

/** Everything written on `from` has been handled, and what came of it has arrived at `to`. */
export async function passed(from: WsClient, ...to: WsClient[]): Promise<void> {
  await from.settled();
  await between();
  for (const client of to) await client.settled();
}

/** The HTTP answer to a handshake that is refused; rejects when it is not. */
export async function refusal(url: string, options: ClientOptions = {}): Promise<Answer> {
  const ws = new WebSocket(url, { perMessageDeflate: false, rejectUnauthorized: false, ...options });
  return new Promise<Answer>((resolve, reject) => {
    ws.on('open', () => {
      ws.terminate();
      reject(new Error(`the handshake was accepted: ${url}`));
    });
    ws.on('error', reject);
    ws.on('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => {
        const status = response.statusCode ?? 0;
        noteAnswer(UPGRADE, url, status);
        resolve({ status, headers: response.headers as Record<string, string>, body });
      });
    });
  });
}

/** The request that opens a WebSocket, as bytes; further headers as lines. */
export function handshakeRequest(path: string, ...headers: string[]): string {
  const key = randomBytes(16).toString('base64');
  const head = [
    `GET ${path} HTTP/1.1`,
    'Host: test',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${key}`,
    ...headers,
  ];
  return `${head.join('\r\n')}\r\n\r\n`;
}

export const Opcode = { Continuation: 0, Text: 1, Binary: 2, Close: 8, Ping: 9, Pong: 10 } as const;

/** A client's frame as it stands on the wire, masked as it must be. */
export function maskedFrame(opcode: number, payload: string | Buffer, { fin = true, rsv = 0 } = {}): Buffer {
  const data = Buffer.from(payload);
  const mask = randomBytes(4);
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const masked = data.map((byte, i) => byte ^ mask[i % 4]!);
  return Buffer.concat([Buffer.from([first]), lengthOf(data.length), mask, masked]);
}

function lengthOf(length: number): Buffer {
  if (length < 126) return Buffer.from([0x80 | length]);
  if (length < 65_536) return Buffer.from([0x80 | 126, length >> 8, length & 0xff]);
  const long = Buffer.alloc(9);
  long[0] = 0x80 | 127;
  long.writeBigUInt64BE(BigInt(length), 1);
  return long;
}

/** The text messages in what a server wrote behind its 101. */
export function textFramesIn(received: Buffer): string[] {
  let at = received.indexOf('\r\n\r\n') + 4;
  const frames: string[] = [];
  while (at >= 4 && at + 2 <= received.length) {
    const short = received[at + 1]! & 0x7f;
    const start = at + 2 + (short === 127 ? 8 : short === 126 ? 2 : 0);
    if (start > received.length) break;
    const length =
      short === 127 ? Number(received.readBigUInt64BE(at + 2)) : short === 126 ? received.readUInt16BE(at + 2) : short;
    if (start + length > received.length) break;
    if ((received[at]! & 0x0f) === Opcode.Text) frames.push(received.toString('utf8', start, start + length));
    at = start + length;
  }
  return frames;
}
