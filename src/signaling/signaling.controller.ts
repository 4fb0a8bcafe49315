import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { ApiWebSocketPath, upgradeRequired } from '../core/http/websocket-path.js';

/** Tells who comes without an upgrade what is here. OpenAPI lists what is declared last first. */
@ApiTags('signaling')
@Controller('ws')
export class SignalingController {
  @Get()
  @ApiOperation({
    summary: 'WebSocket: signaling and mailbox',
    description: 'Open it as a WebSocket. Frames are JSON text; see docs/protocols.md.',
  })
  @ApiQuery({ name: 'errors', required: false, enum: ['1'], description: 'Unusable frames are answered with an error' })
  @ApiQuery({
    name: 'sid',
    type: String,
    required: false,
    description: 'Present, even empty: mail comes as `deliver`, after hello',
  })
  @ApiQuery({ name: 'side', enum: ['A', 'B'], description: 'Each side of a room is held by one socket' })
  @ApiQuery({
    name: 'appID',
    schema: { type: 'string', format: 'uuid' },
    description: 'The room, as a rule from a code',
  })
  @ApiWebSocketPath({ invalid_app_id: 'not a UUID', invalid_side: 'neither `A` nor `B`' })
  upgradeRequired(): never {
    throw upgradeRequired();
  }
}
