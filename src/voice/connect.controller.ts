import { Controller, Get } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ApiError } from '../core/errors.js';
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
  @ApiResponse({ status: 101, description: 'The WebSocket is open' })
  @ApiResponse({ status: 400, description: 'No usable X-User-Claim, or not a valid handshake' })
  @ApiResponse({ status: 403, description: '`forbidden origin`' })
  @ApiResponse({ status: 404, description: 'This server has no voice conversations' })
  @ApiResponse({ status: 426, description: 'The request asks for no upgrade' })
  @ApiResponse({ status: 429, description: 'Too many handshakes, or sockets, from this address' })
  @ApiResponse({ status: 503, description: 'This node is full, or shutting down' })
  upgradeRequired(): never {
    this.voiceSwitch.assertOn();
    throw new ApiError('upgrade_required', { Upgrade: 'websocket', Connection: 'Upgrade' });
  }
}
