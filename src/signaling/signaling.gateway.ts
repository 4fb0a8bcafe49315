import { type OnGatewayInit, WebSocketGateway } from '@nestjs/websockets';
import type { Endpoint, EndpointHandler } from '../core/websocket/endpoint.js';
import type { Handshake } from '../core/websocket/handshake.js';
import { type Peer, Seat } from './seat.js';
import { SignalingService } from './signaling.service.js';

/** Frames in, frames out: the NoisyTransfer protocol's end of its sockets. */
@WebSocketGateway({ path: '/ws' })
export class SignalingGateway implements EndpointHandler<Seat>, OnGatewayInit<Endpoint<Seat>> {
  constructor(private readonly signaling: SignalingService) {}

  afterInit(endpoint: Endpoint<Seat>): void {
    endpoint.serve(this);
  }

  admit(handshake: Handshake): Seat {
    return Seat.from(handshake);
  }

  claim(peer: Peer): Promise<void> {
    return this.signaling.claim(peer);
  }

  handleConnection(peer: Peer): void {
    this.signaling.opened(peer);
  }

  handleRelease(peer: Peer): void {
    this.signaling.released(peer);
  }

  handleFrame(peer: Peer, data: Buffer, isBinary: boolean): void {
    this.signaling.received(peer, data, isBinary);
  }

  handleNote(peer: Peer, note: string): void {
    this.signaling.noted(peer, note);
  }

  handleDisconnect(peer: Peer): void {
    this.signaling.left(peer);
  }
}
