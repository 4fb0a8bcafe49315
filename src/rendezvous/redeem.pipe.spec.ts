import type { FastifyRequest } from 'fastify';
import fc from 'fast-check';
import { ApiError } from '../core/errors.js';
import { RedeemPipe } from './redeem.pipe.js';

const JSON_TYPE = 'application/json';

function read(body: unknown, headers: Record<string, unknown> = {}): unknown {
  const { 'content-type': contentType, ...rest } = { 'content-type': JSON_TYPE, ...headers };
  const request = { body, contentType, headers: rest };
  try {
    return new RedeemPipe().transform(request as FastifyRequest);
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
}

describe('the content type of a redeem', () => {
  it.each([JSON_TYPE, `${JSON_TYPE}; charset=utf-8`, `${JSON_TYPE};x`, `${JSON_TYPE}-patch`])('may be %s', (type) => {
    expect(read('{"code":"1234"}', { 'content-type': type })).toEqual({ code: '1234' });
  });

  it.each([undefined, '', 'text/plain', 'Application/JSON', ` ${JSON_TYPE}`, 'application/x-www-form-urlencoded'])(
    'may not be %j',
    (type) => {
      expect(read('{"code":"1234"}', { 'content-type': type })).toBe('bad_content_type');
    },
  );

  it('is looked at before the body', () => {
    expect(read('not json', { 'content-type': 'text/plain' })).toBe('bad_content_type');
  });
});

describe('the body of a redeem', () => {
  it.each(['0000', '0042', '12345', '123456', '1234567', '12345678'])('has a code such as %s', (code) => {
    expect(read(JSON.stringify({ code }))).toEqual({ code, idempotencyKey: undefined });
  });

  it('may have other members, and any white space', () => {
    expect(read(' {\n"ttl": 600, "code": "1234", "x": {"code": "9"}}\n')).toEqual({ code: '1234' });
  });

  it.each([
    undefined,
    '',
    '{',
    'null',
    'true',
    '1234',
    '"1234"',
    '[]',
    '["1234"]',
    '[{"code":"1234"}]',
    '{}',
    '{"code":null}',
    '{"code":1234}',
    '{"code":["1234"]}',
    '{"code":{}}',
    '{"code":""}',
    '{"code":"123"}',
    '{"code":"123456789"}',
    '{"code":"1234-pq"}',
    '{"code":" 1234"}',
    '{"code":"1234 "}',
    '{"code":"1234\\n"}',
    '{"code":"12a4"}',
    '{"code":"-1234"}',
    '{"code":"١٢٣٤"}',
    '{"code":"１２３４"}',
    '{"Code":"1234"}',
    '{"__proto__":{"code":"1234"}}',
    'code=1234',
  ])('is wrong: %j', (body) => {
    expect(read(body)).toBe('bad_request');
  });

  it('gives a code of 4 to 8 digits or is refused, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.jsonValue().map((code) => JSON.stringify({ code })),
        ),
        (body) => {
          const attempt = read(body);
          if (attempt !== 'bad_request')
            expect(attempt).toEqual({ code: expect.stringMatching(/^[0-9]{4,8}$/) as string });
        },
      ),
    );
  });
});

describe('the Idempotency-Key of a redeem', () => {
  const withKey = (key: unknown): unknown => read('{"code":"1234"}', { 'idempotency-key': key });

  it('goes with the code, up to 255 characters', () => {
    expect(withKey('k')).toEqual({ code: '1234', idempotencyKey: 'k' });
    expect(withKey('k'.repeat(255))).toEqual({ code: '1234', idempotencyKey: 'k'.repeat(255) });
  });

  it('is none when empty', () => {
    expect(withKey('')).toEqual({ code: '1234', idempotencyKey: undefined });
  });

  it('is refused when longer, or when there are several', () => {
    expect(withKey('k'.repeat(256))).toBe('bad_request');
    expect(withKey(['a', 'b'])).toBe('bad_request');
  });
});
