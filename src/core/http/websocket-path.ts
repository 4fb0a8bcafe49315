import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { ApiError } from '../errors.js';

/** What a client of one path may be told beyond what all paths of WebSockets answer. */
interface Told {
  /** What makes the handshake a bad one there, besides its form. */
  badRequest?: string;
  open?: string;
}

/** What a path of WebSockets answers, upgraded or not, for OpenAPI, which knows no better place to describe one. */
export function ApiWebSocketPath({ badRequest, open }: Told = {}): MethodDecorator {
  const bad = badRequest === undefined ? 'Not a valid handshake' : `${badRequest}, or not a valid handshake`;
  const descriptions = {
    101: `The WebSocket is open${open === undefined ? '' : `; ${open}`}`,
    400: bad,
    403: '`forbidden origin`',
    426: 'The request asks for no upgrade',
    429: 'Too many handshakes, or sockets, from this address',
    503: 'This node is full, shutting down, or without its Redis',
  };
  const responses = Object.entries(descriptions);
  return applyDecorators(
    ...responses.map(([status, description]) => ApiResponse({ status: Number(status), description })),
  );
}

/** For who comes without an upgrade. */
export function upgradeRequired(): ApiError {
  return new ApiError('upgrade_required', { Upgrade: 'websocket', Connection: 'Upgrade' });
}
