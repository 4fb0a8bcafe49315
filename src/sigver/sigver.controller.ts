import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import { ApiWebSocketPath, upgradeRequired } from '../core/http/websocket-path.js';

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
  @ApiWebSocketPath({}, 'The WebSocket is open; a bad key closes it with 4741')
  upgradeRequired(): never {
    throw upgradeRequired();
  }
}
