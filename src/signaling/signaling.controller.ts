import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { ApiWebSocketPath, upgradeRequired } from '../core/http/websocket-path.js';

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
  @ApiWebSocketPath({ badRequest: '`invalid appID`, `invalid side`' })
  upgradeRequired(): never {
    throw upgradeRequired();
  }
}
