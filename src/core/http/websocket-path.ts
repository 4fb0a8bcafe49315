import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { ApiError } from '../errors.js';
import { ApiErrors, type Occasions } from './api-errors.js';

/** What every path of WebSockets may answer instead of opening one. */
const REFUSALS: Occasions = {
  bad_handshake: 'a header of the handshake is missing or wrong',
  forbidden_origin: 'a browser of an origin that may not call',
  upgrade_required: 'the request asks for no upgrade',
  rate_limited: 'too many handshakes from this address',
  too_many_connections: 'too many WebSockets from this address',
  over_capacity: 'this node is full',
  draining: 'it is shutting down',
  unavailable: 'it is without its Redis',
};

/**
 * What a path of WebSockets answers, upgraded or not, for OpenAPI, which knows no better place to describe one.
 * @param refusals besides those that all such paths have
 */
export function ApiWebSocketPath(refusals: Occasions = {}, open = 'The WebSocket is open'): MethodDecorator {
  return applyDecorators(ApiResponse({ status: 101, description: open }), ApiErrors({ ...refusals, ...REFUSALS }));
}

/** For who comes without an upgrade. */
export function upgradeRequired(): ApiError {
  return new ApiError('upgrade_required', { Upgrade: 'websocket', Connection: 'Upgrade' });
}
