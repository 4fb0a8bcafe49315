import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import request from 'supertest';
import { eventually } from './eventually.js';

const LOOPBACK = '127.0.0.1';

/** An HTTP answer as it came over the wire; header names in lower case. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** What supertest resolves to, with a body that nobody takes for granted. */
export interface Reply {
  status: number;
  text: string;
  headers: Record<string, string>;
  body: unknown;
}

/** Where to connect, and how. */
export interface Target {
  port: number;
  /** Speak TLS, whatever the certificate. */
  tls?: boolean;
  /** The address to come from: any of 127.0.0.0/8. */
  from?: string;
}

const sockets = new Set<RawSocket>();

/** For `afterEach`: no raw socket of a test outlives it. */
export function dropRawSockets(): void {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
}

/** A TCP (or TLS) connection that writes exactly what it is told and keeps all that it gets. */
export class RawSocket {
  received = Buffer.alloc(0);
  /** The other end has closed, in whichever way. */
  ended = false;

  private constructor(private readonly socket: Socket) {
    sockets.add(this);
    socket.on('data', (chunk: Buffer) => (this.received = Buffer.concat([this.received, chunk])));
    socket.on('error', () => (this.ended = true));
    socket.on('end', () => (this.ended = true));
    socket.on('close', () => (this.ended = true));
  }

  static async open({ port, tls = false, from = LOOPBACK }: Target): Promise<RawSocket> {
    const options = { host: LOOPBACK, port, localAddress: from, noDelay: true };
    const socket = tls
      ? connectTls({ ...options, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] })
      : connect(options);
    await once(socket, tls ? 'secureConnect' : 'connect');
    return new RawSocket(socket);
  }

  /** Resolves once the kernel has taken the bytes, or never will. */
  async write(bytes: string | Buffer): Promise<void> {
    await new Promise<void>((written) => this.socket.write(bytes, () => written()));
  }

  /** Leaves what the server sends unread. */
  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  /** Ends with RST instead of FIN. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** The first answer, once it is complete; `toHead` for one that has no body whatever its length says. */
  async answer({ toHead = false } = {}): Promise<Answer> {
    return eventually(() => parseAnswers(this.received, toHead)[0] ?? false);
  }
}

/** Writes a request as it is and reads one answer. */
export async function rawRequest(target: Target, bytes: string | Buffer): Promise<Answer> {
  const socket = await RawSocket.open(target);
  await socket.write(bytes);
  const head = bytes.toString('latin1');
  const [method = '', path = ''] = head.split(' ');
  const answer = await socket.answer({ toHead: method === 'HEAD' });
  socket.destroy();
  noteAnswer(/^upgrade: websocket/im.test(head) ? UPGRADE : method, path, answer.status);
  return answer;
}

/** A request with a body of known length; `type` is the Content-Type, none by default. */
export function post(path: string, body: string, type?: string): string {
  const contentType = type === undefined ? '' : `Content-Type: ${type}\r\n`;
  const length = Buffer.byteLength(body);
  return `POST ${path} HTTP/1.1\r\nHost: test\r\n${contentType}Content-Length: ${length}\r\n\r\n${body}`;
}

/** Sends the same request `times` times on one connection without waiting in between; the answers in order. */
export async function pipelined(port: number, bytes: string, times: number, timeout = 60_000): Promise<Answer[]> {
  const socket = await RawSocket.open({ port });
  const answers: Answer[] = [];
  const BATCH = 500;
  while (answers.length < times) {
    const batch = Math.min(BATCH, times - answers.length);
    socket.received = Buffer.alloc(0);
    await socket.write(bytes.repeat(batch));
    const got = await eventually(() => complete(parseAnswers(socket.received), batch), { timeout, interval: 5 });
    answers.push(...got);
  }
  socket.destroy();
  return answers;
}

function complete(answers: Answer[], count: number): Answer[] | false {
  return answers.length >= count && answers;
}

/** All complete answers in what was received; each with a Content-Length, as ours have, or chunked, or ended by closing. */
function parseAnswers(bytes: Buffer, toHead = false): Answer[] {
  const answers: Answer[] = [];
  let at = 0;
  for (;;) {
    const end = bytes.indexOf('\r\n\r\n', at);
    if (end < 0) return answers;
    const [first = '', ...lines] = bytes.toString('latin1', at, end).split('\r\n');
    const headers = Object.fromEntries(lines.map(headerOf));
    const start = end + 4;
    const stop = toHead ? start : endOfBody(bytes, start, headers);
    if (stop === undefined || stop > bytes.length) return answers;
    answers.push({ status: Number(first.split(' ')[1]), headers, body: bytes.toString('utf8', start, stop) });
    at = stop;
  }
}

function headerOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

function endOfBody(bytes: Buffer, start: number, headers: Record<string, string>): number | undefined {
  if (headers['transfer-encoding'] !== 'chunked') return start + Number(headers['content-length'] ?? 0);
  const last = bytes.indexOf('0\r\n\r\n', start);
  return last < 0 ? undefined : last + 5;
}

const answered = new Set<string>();

/** In the place of a method: a request for a WebSocket. */
export const UPGRADE = 'upgrade';

/** Remembers what an operation answered, for {@link undocumentedAnswers}. */
export function noteAnswer(method: string, target: string, status: number): void {
  answered.add(`${method.toLowerCase()} ${new URL(target, 'http://test').pathname} ${status}`);
}

/** Supertest on a running server, keeping a note of every answer. */
export function http(server: { http: string }): ReturnType<typeof request.agent> {
  return request.agent(server.http).use((sent: request.Test) => {
    sent.on('response', ({ status }: { status: number }) => noteAnswer(sent.method, sent.url, status));
  });
}

/** An OpenAPI document, as far as the tests look into it. */
export interface OpenApi {
  paths: Record<string, Record<string, { operationId: string; responses: Record<string, object> }>>;
}

/** What this spec file's requests were answered although /docs-json does not list it for that operation. */
export async function undocumentedAnswers(server: { http: string }): Promise<string[]> {
  const { paths } = (await request(server.http).get('/docs-json').expect(200)).body as OpenApi;
  return [...answered].filter((answer) => {
    const [method = '', path = '', status = ''] = answer.split(' ');
    const listed = method === UPGRADE ? webSocketAnswers(paths[path]) : paths[path]?.[method]?.responses;
    return listed !== undefined && !(status in listed);
  });
}

/** A path that answers no WebSocket is to a handshake like one that is not there. */
function webSocketAnswers(methods: OpenApi['paths'][string] = {}): object | undefined {
  return methods['get'] && '101' in methods['get'].responses ? methods['get'].responses : undefined;
}
