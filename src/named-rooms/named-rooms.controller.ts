import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiWebSocketPath, upgradeRequired } from '../core/http/websocket-path.js';

/** Tells who comes without an upgrade what is here; OpenAPI knows no better place to describe a WebSocket. */
@ApiTags('named rooms')
@Controller('room/:room/websocket')
export class NamedRoomsController {
  @Get()
  @ApiOperation({
    summary: 'WebSocket: a room by name, its peers known by their public keys',
    description: 'Open it as a WebSocket. Frames are JSON text; see docs/protocols.md.',
  })
  @ApiParam({ name: 'room', type: String, description: '1 to 128 letters, digits, `.`, `_`, `~` or `-`' })
  @ApiWebSocketPath({ badRequest: '`invalid room name`' })
  upgradeRequired(): never {
    throw upgradeRequired();
  }
}
