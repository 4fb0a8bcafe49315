import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ApiError } from '../core/errors.js';

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
  @ApiResponse({ status: 101, description: 'The WebSocket is open' })
  @ApiResponse({ status: 400, description: '`invalid room name`, or not a valid handshake' })
  @ApiResponse({ status: 403, description: '`forbidden origin`' })
  @ApiResponse({ status: 426, description: 'The request asks for no upgrade' })
  @ApiResponse({ status: 429, description: 'Too many handshakes, or sockets, from this address' })
  @ApiResponse({ status: 503, description: 'This node is full, or shutting down' })
  upgradeRequired(): never {
    throw new ApiError('upgrade_required', { Upgrade: 'websocket', Connection: 'Upgrade' });
  }
}
