import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

/** Headers that belong to the hop and made Node take the request for an upgrade. */
const HOP_HEADER = /^(upgrade|connection|http2-settings)$/i;

/**
 * Gives a request back to the HTTP server that Node took for an upgrade. Node raises `upgrade` for any Upgrade header
 * (`curl --http2` sends one with every request), and by then has let go of the socket: so the head is written anew
 * without that header, put back in front of the unread bytes, and the socket handed in as if it were new.
 */
export function handBack(server: Server, request: IncomingMessage, socket: Duplex, body: Buffer): void {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const name = request.rawHeaders[i]!;
    if (!HOP_HEADER.test(name)) lines.push(`${name}: ${request.rawHeaders[i + 1]}`);
  }
  const head = Buffer.from(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`, 'latin1');
  socket.unshift(Buffer.concat([head, body]));
  server.emit(socket instanceof TLSSocket ? 'secureConnection' : 'connection', socket);
}
