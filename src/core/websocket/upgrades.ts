import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import { WebSocketServer } from 'ws';
import { Settings } from '../../config/settings.js';
import { ApiError } from '../errors.js';
import { httpAnswer } from '../http/http-answer.js';
import { splitTarget } from '../http/split-target.js';
import { ClientAddress } from '../limits/client-address.js';
import { Admission } from './admission.js';
import type { Connection } from './connection.js';
import type { Endpoint } from './endpoint.js';
import { handBack } from './hand-back.js';
import { assertValidHandshake, type Handshake, wantsWebSocket } from './handshake.js';
import type { PathParams } from './path-pattern.js';
import { PeerSocket } from './peer-socket.js';
import { Transport } from './transport.js';
import { TransportStats } from './transport-stats.js';

/** How long a client may take to answer our close frame before its socket is cut, in ms. */
const CLOSE_TIMEOUT_MS = 2000;

/** From a request for a WebSocket to an open connection, or to a plain HTTP answer that says why not. */
@Injectable()
export class Upgrades {
  private readonly logger = new Logger(Upgrades.name);
  private readonly server: WebSocketServer;

  constructor(
    settings: Settings,
    private readonly admission: Admission,
    private readonly addresses: ClientAddress,
    private readonly transport: Transport,
    private readonly stats: TransportStats,
  ) {
    const options = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: settings.wsMaxMsg,
      autoPong: false, // the library's answers know no bound
      WebSocket: PeerSocket,
      closeTimeout: CLOSE_TIMEOUT_MS,
    };
    this.server = new WebSocketServer(options);
  }

  /**
   * Opens WebSockets on a server, at these endpoints and those that are added to the list later.
   * @returns what undoes it
   */
  attach(server: Server, endpoints: readonly Endpoint[]): () => void {
    const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      if (wantsWebSocket(request)) void this.handle(endpoints, request, socket, head);
      else handBack(server, request, socket, head);
    };
    server.on('upgrade', onUpgrade);
    return () => server.off('upgrade', onUpgrade);
  }

  /** Answers one upgrade request; never throws or rejects. */
  async handle(endpoints: readonly Endpoint[], request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', ignore); // a reset before the handshake is answered must not end the process
    try {
      await this.accept(endpoints, request, socket, head);
    } catch (error) {
      if (!(error instanceof ApiError)) this.logger.error(error);
      this.stats.rejections.add(error instanceof ApiError ? error.code : 'other');
      refuse(socket, error);
    }
  }

  private async accept(endpoints: readonly Endpoint[], request: IncomingMessage, socket: Duplex, head: Buffer) {
    this.admission.assertAccepting();
    const { endpoint, handshake } = this.find(endpoints, request);
    const session = endpoint.admit(handshake, request.headers);
    await this.admission.assertWelcome(request, handshake.address);
    assertValidHandshake(request);
    this.admission.occupy(handshake.address);
    const connection = this.transport.connection(handshake, endpoint);
    connection.session = session;
    delete request.headers['sec-websocket-protocol']; // none is spoken, and the library would refuse an untidy list
    let upgraded = false;
    try {
      await connection.claim();
      this.server.handleUpgrade(request, socket, head, (ws) => {
        upgraded = true;
        socket.off('error', ignore); // the WebSocket listens for itself now
        this.transport.open(connection, ws as PeerSocket, socket);
      });
    } finally {
      if (!upgraded) this.abandon(connection);
    }
  }

  /** The client went away, or was refused, while its place was being claimed. */
  private abandon(connection: Connection): void {
    connection.leave();
    this.admission.release(connection.handshake.address);
  }

  private find(endpoints: readonly Endpoint[], request: IncomingMessage): { endpoint: Endpoint; handshake: Handshake } {
    const { path, query } = splitTarget(request.url ?? '/');
    for (const endpoint of endpoints) {
      const params = matchDecoded(endpoint, path);
      if (!params) continue;
      const address = this.addresses.of(request);
      return { endpoint, handshake: { path, params, query: new URLSearchParams(query), address } };
    }
    throw new ApiError('not_found');
  }
}

function ignore(): void {}

/** @throws ApiError where the path is not properly percent-encoded. */
function matchDecoded(endpoint: Endpoint, path: string): PathParams | undefined {
  try {
    return endpoint.match(path);
  } catch {
    throw new ApiError('bad_request');
  }
}

/** Answers a refused upgrade as HTTP would, then closes. */
function refuse(socket: Duplex, error: unknown): void {
  const { status, headers, body } = httpAnswer(error);
  const lines = Object.entries({ ...headers, Connection: 'close', 'Content-Length': String(Buffer.byteLength(body)) });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head}\r\n${body}`);
}
