import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiWebSocketPath, upgradeRequired } from '../core/http/websocket-path.js';

/** Tells who comes without an upgrade what is here. */
@ApiTags('named rooms')
@Controller('room/:room/websocket')
export class NamedRoomsController {
  @Get()
  @ApiOperation({
    summary: 'WebSocket: a room by name, its peers known by their public keys',
    description: 'Open it as a WebSocket. Frames are JSON text; see docs/protocols.md.',
  })
  @ApiParam({ name: 'room', type: String, description: '1 to 128 letters, digits, `.`, `_`, `~` or `-`' })
  @ApiWebSocketPath({ invalid_room: 'not a name as above' })
  upgradeRequired(): never {
    throw upgradeRequired();
  }
}
