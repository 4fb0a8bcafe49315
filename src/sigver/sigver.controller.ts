import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ApiError } from '../core/errors.js';

/** Tells who comes without an upgrade what is here. */
@ApiTags('sigver')
@Controller('sigver')
export class SigverController {
  @Get('*')
  @ApiOperation({
    summary: 'WebSocket: groups of Sigver and netflux',
    description: 'Open it as a WebSocket. Messages are protobuf; see docs/protocols.md.',
  })
  @ApiParam({ name: 'path', type: String, description: 'The key of the group as it is sent: 1 to 512 characters' })
  @ApiQuery({
    name: 'favored',
    type: String,
    required: false,
    description: 'Present: joiners are sent to this peer first',
  })
  @ApiResponse({ status: 101, description: 'The WebSocket is open; a bad key closes it with 4741' })
  @ApiResponse({ status: 400, description: 'Not a valid handshake' })
  @ApiResponse({ status: 403, description: '`forbidden origin`' })
  @ApiResponse({ status: 426, description: 'The request asks for no upgrade' })
  @ApiResponse({ status: 429, description: 'Too many handshakes, or sockets, from this address' })
  @ApiResponse({ status: 503, description: 'This node is full, or shutting down' })
  upgradeRequired(): never {
    throw new ApiError('upgrade_required', { Upgrade: 'websocket', Connection: 'Upgrade' });
  }
}
