import { Controller, Get } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { ApiWebSocketPath, upgradeRequired } from '../core/http/websocket-path.js';
import { VoiceSwitch } from './switch/voice-switch.js';

/** Tells who comes without an upgrade what is here. */
@ApiTags('voice')
@Controller('connect')
export class ConnectController {
  constructor(private readonly voiceSwitch: VoiceSwitch) {}

  @Get()
  @ApiOperation({
    summary: 'WebSocket: signaling of a voice client',
    description: 'Open it as a WebSocket and send an SDP offer; see docs/protocols.md.',
  })
  @ApiHeader({
    name: 'X-User-Claim',
    required: true,
    description: '`{"userid":"…","clientid":"…"}`, added by the proxy',
  })
  @ApiQuery({
    name: 'events',
    required: false,
    enum: ['1'],
    description: 'Tell who is there, and whom each m-line carries',
  })
  @ApiWebSocketPath({
    bad_claim: 'X-User-Claim is missing, not JSON, or names not both',
    not_found: 'this server has no voice conversations',
  })
  upgradeRequired(): never {
    this.voiceSwitch.assertOn();
    throw upgradeRequired();
  }
}
