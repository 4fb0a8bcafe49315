import { WebSocket } from 'ws';
import type { Connection } from './connection.js';
import type { Transport } from './transport.js';

/** The library's socket, which knows its connection: all sockets share the listeners below, none has closures of its own. */
export class PeerSocket extends WebSocket {
  declare connection: Connection;
  declare transport: Transport;

  attach(connection: Connection, transport: Transport): void {
    this.connection = connection;
    this.transport = transport;
    this.on('error', onError);
    this.on('message', onMessage);
    this.on('ping', onPing);
    this.on('pong', onPong);
    this.on('close', onClose);
  }
}

/** A protocol error or a dead wire; `close` follows and is what counts. */
function onError(this: WebSocket): void {}

function onMessage(this: WebSocket, data: unknown, isBinary: boolean): void {
  const { transport, connection } = this as PeerSocket;
  transport.received(connection, data as Buffer, isBinary);
}

function onPing(this: WebSocket, data: Buffer): void {
  (this as PeerSocket).connection.pong(data);
}

function onPong(this: WebSocket): void {
  const { transport, connection } = this as PeerSocket;
  transport.ponged(connection);
}

function onClose(this: WebSocket, code: number): void {
  const { transport, connection } = this as PeerSocket;
  transport.closed(connection, code);
}
