import type { IncomingHttpHeaders } from 'node:http';
import { Logger } from '@nestjs/common';
import { CloseCode } from '../errors.js';
import type { Connection } from './connection.js';
import type { Handshake } from './handshake.js';
import { type PathParams, PathPattern } from './path-pattern.js';

/**
 * What a protocol's gateway does with its sockets. Nothing between a frame and its handler: no proxy, no guard, no
 * pipe. A handler that throws ends its own socket with 1011, nothing else.
 */
export interface EndpointHandler<Session> {
  /**
   * Reads the handshake.
   * @param headers of the request; not kept with the connection, for which they would be most of its memory
   * @throws ApiError, which is what the client gets instead of a WebSocket.
   */
  admit(handshake: Handshake, headers: IncomingHttpHeaders): Session;

  /**
   * Takes the socket's place, before the handshake is answered. A handshake that is aborted afterwards ends in
   * `handleDisconnect`.
   * @throws ApiError as above.
   */
  claim?(connection: Connection<Session>): Promise<void>;

  /** The socket is open. */
  handleConnection(connection: Connection<Session>): void;

  /** The hold is over: what is sent from now on is written at once. */
  handleRelease?(connection: Connection<Session>): void;

  /** One message. The bytes are the client's own and may be passed on, but not kept: they pin what they came in with. */
  handleFrame(connection: Connection<Session>, data: Buffer, isBinary: boolean): void;

  /** Another member's protocol, on this or another node, has something to say about this socket: see `Member.note`. */
  handleNote?(connection: Connection<Session>, note: string): void;

  /** The socket has ended or is about to; called once for each that was admitted. */
  handleDisconnect(connection: Connection<Session>): void;
}

/** A path on which WebSockets are accepted. This is the `server` that Nest hands to a gateway's `afterInit`. */
export class Endpoint<Session = unknown> {
  private readonly logger = new Logger(Endpoint.name);
  private readonly pattern: PathPattern;
  private handler!: EndpointHandler<Session>;

  /** @param binary whether what is sent goes as binary messages, not as text */
  constructor(
    readonly path: string,
    readonly binary = false,
  ) {
    this.pattern = new PathPattern(path);
  }

  /** Names the gateway that serves this endpoint. */
  serve(handler: EndpointHandler<Session>): void {
    this.handler = handler;
  }

  match(path: string): PathParams | undefined {
    return this.pattern.match(path);
  }

  admit(handshake: Handshake, headers: IncomingHttpHeaders): Session {
    return this.handler.admit(handshake, headers);
  }

  async claim(connection: Connection<Session>): Promise<void> {
    await this.handler.claim?.(connection);
  }

  connected(connection: Connection<Session>): void {
    try {
      this.handler.handleConnection(connection);
    } catch (error) {
      this.fault(connection, error);
    }
  }

  released(connection: Connection<Session>): void {
    try {
      this.handler.handleRelease?.(connection);
    } catch (error) {
      this.fault(connection, error);
    }
  }

  received(connection: Connection<Session>, data: Buffer, isBinary: boolean): void {
    try {
      this.handler.handleFrame(connection, data, isBinary);
    } catch (error) {
      this.fault(connection, error);
    }
  }

  noted(connection: Connection<Session>, note: string): void {
    try {
      this.handler.handleNote?.(connection, note);
    } catch (error) {
      this.fault(connection, error);
    }
  }

  disconnected(connection: Connection<Session>): void {
    try {
      this.handler.handleDisconnect(connection);
    } catch (error) {
      this.logger.error(error);
    }
  }

  private fault(connection: Connection<Session>, error: unknown): void {
    this.logger.error(error);
    connection.close(CloseCode.InternalError, 'internal error');
  }
}
