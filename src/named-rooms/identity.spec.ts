import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { KEY_KINDS, RoomKey } from '../../test/support/room-key.js';
import { MAX_JWK_BYTES, parseIdentity } from './identity.js';

/** RFC 7517, A.1. */
const EC = {
  kty: 'EC',
  crv: 'P-256',
  x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
  y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
};
/** RFC 8037, A.2. */
const OKP = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
/** RFC 7517, A.1. */
const RSA = {
  kty: 'RSA',
  n:
    '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3' +
    'oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZ' +
    'Hzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
  e: 'AQAB',
};

const parse = (jwk: unknown) => parseIdentity(JSON.stringify(jwk));
const refused = (message?: string) =>
  expect.objectContaining({ code: 'bad_key', ...(message && { message }) }) as Error;

/** The same bytes, with zeroes before them. */
const padded = (text: string) => Buffer.concat([Buffer.alloc(1), Buffer.from(text, 'base64url')]).toString('base64url');

/** The last character changed in bits that stand for nothing. */
function loose(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)!) + 1];
}

describe('the fingerprint', () => {
  it.each([
    ['a352193f3ae0e84514da6fcd22635e7363855ad6e684dc0bc33b22b2ae736401', EC],
    ['20aab9665358bc73da7fc6ab0c064cc7487d8cc311c4596851adcce62db1f1e1', OKP],
    ['cf11c70a7e8d51ea8dc5838a58657c93252480f3aec2920817cfc58f469a208a', RSA],
  ])('of a key of the standards is %s', (fingerprint, jwk) => {
    expect(parse(jwk).fingerprint).toBe(fingerprint);
  });

  it('depends on nothing but the key itself', () => {
    for (const jwk of [EC, OKP, RSA]) {
      const reversed = Object.fromEntries(Object.entries({ use: 'enc', kid: '1', ext: true, ...jwk }).reverse());
      expect(parse(reversed).fingerprint).toBe(parse(jwk).fingerprint);
    }
  });

  it.each([...KEY_KINDS])('is the one a client computes for itself: %s', (kind) => {
    const { jwk, id } = new RoomKey(kind);
    expect(parse(jwk)).toMatchObject({ fingerprint: id, jwk });
  });

  it('takes the last of repeated members, and nobody is shown the others', () => {
    const { jwk, fingerprint } = parseIdentity(`{"x":"AAAA",${JSON.stringify(EC).slice(1)}`);
    expect(fingerprint).toBe(parse(EC).fingerprint);
    expect(jwk).toEqual(EC);
  });
});

describe('a key', () => {
  it.each(['null', '1', '"EC"', '[]', '{}', '{"kty":"EC"}', '{"kty":["EC"]}', '{"kty":"constructor"}'])(
    'is not: %s',
    (text) => {
      expect(() => parseIdentity(text)).toThrow(refused());
    },
  );

  it.each<[string, object]>([
    ['a secret', { kty: 'oct', x: 'AA' }],
    ['off the curve', { ...EC, y: EC.x }],
    ['of another curve', { ...EC, crv: 'P-384' }],
    ['of no curve', { ...EC, crv: 'P-999' }],
    ['too short', { ...OKP, x: OKP.x.slice(0, -2) }],
    ['no text', { ...OKP, x: 1 }],
    ['half', { ...EC, y: undefined }],
    ['empty', { ...RSA, e: '' }],
    ['zero', { ...RSA, e: 'AA' }],
    ['all empty', { ...RSA, n: '', e: '' }],
  ])('is none when it is %s', (_what, jwk) => {
    expect(() => parse(jwk)).toThrow(refused());
  });

  it.each<[string, object]>([
    ['padding', { ...EC, x: `${EC.x}=` }],
    ['padding of Ed25519', { ...OKP, x: `${OKP.x}=` }],
    ['a line break', { ...EC, x: `${EC.x}\n` }],
    ['other characters', { ...RSA, n: RSA.n.replaceAll('_', '/').replaceAll('-', '+') }],
    ['bits that stand for nothing', { ...OKP, x: loose(OKP.x) }],
    ['zeroes in front of n', { ...RSA, n: padded(RSA.n) }],
    ['zeroes in front of e', { ...RSA, e: padded(RSA.e) }],
    ['zeroes in front of x', { ...EC, x: padded(EC.x) }],
  ])('has one form only, and none with %s', (_what, jwk) => {
    expect(() => parse(jwk)).toThrow(refused());
  });

  it.each(['P-256', 'Ed25519', 'RSA'] as const)('is refused with its private half: %s', (kind) => {
    expect(() => parse(new RoomKey(kind).privateJwk)).toThrow(
      refused('the JWK has private members; keep them to yourself'),
    );
  });

  it.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])('is refused with a member %s, whatever it holds', (name) => {
    for (const value of ['', null, [], 'AA']) expect(() => parse({ ...EC, [name]: value })).toThrow(refused());
    expect(() => parseIdentity(`{"${name}":1,"${name}":null,${JSON.stringify(EC).slice(1)}`)).toThrow(refused());
  });

  it('may be of a kind that proves nothing', () => {
    const jwks: JsonWebKey[] = [
      generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' }),
      generateKeyPairSync('ed448').publicKey.export({ format: 'jwk' }),
      generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey.export({ format: 'jwk' }),
    ];
    for (const jwk of jwks) expect(parse(jwk).jwk).toEqual(jwk);
  });

  it('has at most so many bytes', () => {
    const filler = MAX_JWK_BYTES - JSON.stringify({ ...EC, kid: '' }).length;
    expect(parse({ ...EC, kid: 'x'.repeat(filler) }).jwk.kty).toBe('EC');
    expect(() => parse({ ...EC, kid: 'x'.repeat(filler + 1) })).toThrow(refused());
    expect(() => parse({ ...EC, kid: 'é'.repeat(filler / 2 + 1) })).toThrow(refused());
    expect(() => parseIdentity(`{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).toThrow(refused());
  });

  it('is nowhere in what an error says', () => {
    for (const jwk of [
      { ...EC, y: EC.x },
      { ...EC, d: EC.x },
      { ...OKP, x: `${OKP.x}=` },
    ]) {
      try {
        parse(jwk);
      } catch (error) {
        expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain(jwk.x.slice(0, 8));
      }
    }
    expect.assertions(3);
  });
});
