import fc from 'fast-check';
import { ApiError } from '../../core/errors.js';
import { MAX_ID } from './ids.js';
import { parseUserClaim } from './user-claim.js';

/** As Node hands out a header whose bytes are UTF-8. */
const onTheWire = (text: string): string => Buffer.from(text).toString('latin1');
const claim = (user: unknown, client: unknown): string => onTheWire(JSON.stringify({ userid: user, clientid: client }));

function read(header: string | string[] | undefined): unknown {
  try {
    return parseUserClaim(header);
  } catch (error) {
    if (error instanceof ApiError) return error.getStatus();
    throw error;
  }
}

describe('X-User-Claim', () => {
  it('names user and client', () => {
    expect(read('{"userid":"u","clientid":"c"}')).toEqual({ user: 'u', client: 'c' });
  });

  it('may have other members, white space and escapes', () => {
    expect(read(' { "iat": 1, "clientid":"\\u0063", "userid" : "u" } ')).toEqual({ user: 'u', client: 'c' });
  });

  it('is UTF-8', () => {
    expect(read(claim('Zoë 🎤', 'ノート'))).toEqual({ user: 'Zoë 🎤', client: 'ノート' });
  });

  it('takes every id that a JSON string can spell', () => {
    const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    fc.assert(fc.property(id, id, (user, client) => expect(read(claim(user, client))).toEqual({ user, client })));
  });

  it.each(['__proto__', '.', '..', ' ', 'x'.repeat(MAX_ID)])('takes odd ids: %j', (id) => {
    expect(read(claim(id, id))).toEqual({ user: id, client: id });
  });

  it.each([
    undefined,
    '',
    'u',
    '{',
    'null',
    '1',
    '"u"',
    '[]',
    '["u","c"]',
    '{}',
    '{"userid":"u"}',
    '{"clientid":"c"}',
    '{"userid":"","clientid":"c"}',
    '{"userid":"u","clientid":""}',
    '{"userid":1,"clientid":"c"}',
    '{"userid":"u","clientid":null}',
    '{"userid":["u"],"clientid":"c"}',
    '{"userId":"u","clientId":"c"}',
    '{"userid":"u","clientid":"c"}, {"userid":"u","clientid":"c"}',
    '{"userid":"\\ud800","clientid":"c"}',
    '{"userid":"u","clientid":"\xff"}',
    claim('x'.repeat(MAX_ID + 1), 'c'),
  ])('is refused with 400: %j', (header) => {
    expect(read(header)).toBe(400);
  });

  it('is refused when there are several', () => {
    expect(read([claim('u', 'c'), claim('u', 'c')])).toBe(400);
  });

  it('names two or is refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (header) => {
        const answer = read(header);
        if (answer !== 400) expect(Object.keys(answer as object)).toEqual(['user', 'client']);
      }),
    );
  });
});
