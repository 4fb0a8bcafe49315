import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ApiError } from '../core/errors.js';

/** Tells who comes without an upgrade what is here; OpenAPI knows no better place to describe a WebSocket. */
@ApiTags('signaling')
@Controller('ws')
export class SignalingController {
  @Get()
  @ApiOperation({
    summary: 'WebSocket: signaling and mailbox',
    description: 'Open it as a WebSocket. Frames are JSON text; see docs/protocols.md.',
  })
  @ApiQuery({ name: 'appID', type: String, description: 'The room: a UUID, as a rule from a code' })
  @ApiQuery({ name: 'side', enum: ['A', 'B'] })
  @ApiQuery({
    name: 'sid',
    type: String,
    required: false,
    description: 'Present, even empty: mail comes as `deliver`, after hello',
  })
  @ApiQuery({ name: 'errors', required: false, enum: ['1'], description: 'Unusable frames are answered with an error' })
  @ApiResponse({ status: 101, description: 'The WebSocket is open' })
  @ApiResponse({ status: 400, description: '`invalid appID`, `invalid side`, or not a valid handshake' })
  @ApiResponse({ status: 403, description: '`forbidden origin`' })
  @ApiResponse({ status: 426, description: 'The request asks for no upgrade' })
  @ApiResponse({ status: 429, description: 'Too many handshakes, or sockets, from this address' })
  @ApiResponse({ status: 503, description: 'This node is full, shutting down, or without Redis' })
  upgradeRequired(): never {
    throw new ApiError('upgrade_required', { Upgrade: 'websocket', Connection: 'Upgrade' });
  }
}
