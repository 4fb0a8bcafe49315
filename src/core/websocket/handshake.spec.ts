import type { IncomingMessage } from 'node:http';
import { ApiError } from '../errors.js';
import { assertValidHandshake, wantsWebSocket } from './handshake.js';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

function request(headers: Record<string, string | undefined> = {}, method = 'GET'): IncomingMessage {
  return {
    method,
    headers: { 'sec-websocket-version': '13', 'sec-websocket-key': KEY, ...headers },
  } as IncomingMessage;
}

describe('wantsWebSocket', () => {
  it.each(['websocket', 'WebSocket', 'WEBSOCKET'])('is true with Upgrade: %s', (upgrade) => {
    expect(wantsWebSocket(request({ upgrade }))).toBe(true);
  });

  it.each(['h2c', 'TLS/1.0', 'websockets', '', undefined])('is false with Upgrade: %s', (upgrade) => {
    expect(wantsWebSocket(request({ upgrade }))).toBe(false);
  });
});

describe('assertValidHandshake', () => {
  const refusal = (invalid: IncomingMessage): ApiError => {
    try {
      assertValidHandshake(invalid);
    } catch (error) {
      if (error instanceof ApiError) return error;
    }
    throw new Error('accepted');
  };

  it.each(['13', '8'])('takes a GET with a key and version %s', (version) => {
    expect(() => assertValidHandshake(request({ 'sec-websocket-version': version }))).not.toThrow();
  });

  it.each(['12', '0', '13, 8', '', undefined])('refuses version %s and says which there are', (version) => {
    const { code, headers } = refusal(request({ 'sec-websocket-version': version }));
    expect(code).toBe('bad_handshake');
    expect(headers).toEqual({ 'Sec-WebSocket-Version': '13, 8' });
  });

  it.each([undefined, '', 'short', KEY.slice(0, -1), `${KEY}=`, ` ${KEY}`, KEY.replace('d', '-')])(
    'refuses the key %j',
    (key) => {
      expect(refusal(request({ 'sec-websocket-key': key })).code).toBe('bad_handshake');
    },
  );

  it.each(['POST', 'HEAD', 'CONNECT'])('refuses %s', (method) => {
    expect(refusal(request({}, method)).code).toBe('bad_handshake');
  });
});
