import { type OnGatewayInit, WebSocketGateway } from '@nestjs/websockets';
import type { Endpoint, EndpointHandler } from '../core/websocket/endpoint.js';
import type { Handshake } from '../core/websocket/handshake.js';
import { type Peer, Session } from './session.js';
import { SigverService } from './sigver.service.js';

/** Frames in, frames out: Sigver's end of its sockets, on the main port and on its own. */
@WebSocketGateway({ path: '/sigver/*key', binary: true })
export class SigverGateway implements EndpointHandler<Session>, OnGatewayInit<Endpoint<Session>> {
  constructor(private readonly sigver: SigverService) {}

  afterInit(endpoint: Endpoint<Session>): void {
    endpoint.serve(this);
  }

  admit(handshake: Handshake): Session {
    return Session.from(handshake);
  }

  handleConnection(peer: Peer): void {
    this.sigver.opened(peer);
  }

  handleFrame(peer: Peer, data: Buffer, isBinary: boolean): void {
    this.sigver.received(peer, data, isBinary);
  }

  handleNote(peer: Peer, note: string): void {
    this.sigver.noted(peer, note);
  }

  handleDisconnect(peer: Peer): void {
    this.sigver.left(peer);
  }
}
