import type { IncomingMessage } from 'node:http';
import { ApiError } from '../errors.js';
import type { PathParams } from './path-pattern.js';

const KEY = /^[+/0-9A-Za-z]{22}==$/;

/** What a client asked for when it opened its WebSocket. */
export interface Handshake {
  /** The path as it was sent, percent escapes kept. */
  path: string;
  /** The named segments of the endpoint's pattern, decoded. */
  params: PathParams;
  query: URLSearchParams;
  /** The client as limits count it. */
  address: string;
}

/** Whether the request wants a WebSocket; Node hands over every request with any Upgrade header. */
export function wantsWebSocket(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'websocket';
}

/**
 * Checks what the WebSocket library will check again when it answers (RFC 6455, 4.2.1), so that nothing is claimed for
 * a handshake that cannot succeed.
 * @throws ApiError
 */
export function assertValidHandshake({ method, headers }: IncomingMessage): void {
  const version = headers['sec-websocket-version'];
  if (version !== '13' && version !== '8') throw new ApiError('bad_handshake', { 'Sec-WebSocket-Version': '13, 8' });
  if (method !== 'GET' || !KEY.test(headers['sec-websocket-key'] ?? '')) throw new ApiError('bad_handshake');
}
