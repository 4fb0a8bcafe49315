import type { IncomingHttpHeaders } from 'node:http';
import { type OnGatewayInit, WebSocketGateway } from '@nestjs/websockets';
import type { Endpoint, EndpointHandler } from '../core/websocket/endpoint.js';
import type { Handshake } from '../core/websocket/handshake.js';
import { Call, type Caller } from './call.js';
import { CLAIM_HEADER, parseUserClaim } from './claims/user-claim.js';
import { VoiceService } from './voice.service.js';
import { VoiceSwitch } from './switch/voice-switch.js';

/** Offers in, answers out: the signaling of voice. */
@WebSocketGateway({ path: '/connect' })
export class ConnectGateway implements EndpointHandler<Call>, OnGatewayInit<Endpoint<Call>> {
  constructor(
    private readonly voice: VoiceService,
    private readonly voiceSwitch: VoiceSwitch,
  ) {}

  afterInit(endpoint: Endpoint<Call>): void {
    endpoint.serve(this);
  }

  admit({ query }: Handshake, headers: IncomingHttpHeaders): Call {
    this.voiceSwitch.assertOn();
    return new Call(parseUserClaim(headers[CLAIM_HEADER]), query.get('events') === '1');
  }

  handleConnection(caller: Caller): void {
    this.voice.opened(caller);
  }

  handleFrame(caller: Caller, data: Buffer): void {
    this.voice.received(caller, data);
  }

  handleDisconnect(caller: Caller): void {
    this.voice.left(caller);
  }
}
