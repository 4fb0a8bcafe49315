import { type OnGatewayInit, WebSocketGateway } from '@nestjs/websockets';
import type { Endpoint, EndpointHandler } from '../core/websocket/endpoint.js';
import type { Handshake } from '../core/websocket/handshake.js';
import { NamedRoomsService } from './named-rooms.service.js';
import { Visit, type Visitor } from './visit.js';

/** Frames in, frames out: the end of its sockets of the protocol of named rooms. */
@WebSocketGateway({ path: '/room/:room/websocket' })
export class NamedRoomsGateway implements EndpointHandler<Visit>, OnGatewayInit<Endpoint<Visit>> {
  constructor(private readonly namedRooms: NamedRoomsService) {}

  afterInit(endpoint: Endpoint<Visit>): void {
    endpoint.serve(this);
  }

  admit(handshake: Handshake): Visit {
    return Visit.from(handshake);
  }

  handleConnection(visitor: Visitor): void {
    this.namedRooms.opened(visitor);
  }

  handleFrame(visitor: Visitor, data: Buffer, isBinary: boolean): void {
    this.namedRooms.received(visitor, data, isBinary);
  }

  handleDisconnect(visitor: Visitor): void {
    this.namedRooms.left(visitor);
  }
}
