import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { RoomError } from './named-rooms.errors.js';

/** Most bytes of a JWK: an RSA key of 16,384 bits, the largest that OpenSSL uses, has 2,731 and leaves room for names. */
export const MAX_JWK_BYTES = 4096;

/** What makes a key what it is, in the order in which the fingerprint takes them: not that of RFC 7638, which sorts. */
const ESSENTIAL = {
  EC: ['kty', 'crv', 'x', 'y'],
  OKP: ['kty', 'crv', 'x'],
  RSA: ['kty', 'n', 'e'],
} as const;

/** Members that hold, or can only belong to, a secret: RFC 7518, 6.2.2, 6.3.2 and 6.4.1. */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** Who somebody is in a room: a public key, and the id that follows from it. */
export interface Identity {
  /** SHA-256 of the key's essential members, in lower-case hex. */
  fingerprint: string;
  /** The JWK as the others get it: all members the client gave, each once. */
  jwk: JsonWebKey;
  key: KeyObject;
}

/**
 * Reads a public key.
 * @throws RoomError `bad_key` when it is no public key, is written in another form than its one canonical one (else one
 * key had several fingerprints), carries a private member, or is larger than {@link MAX_JWK_BYTES}.
 * @param text a JSON value
 */
export function parseIdentity(text: string): Identity {
  const jwk = parseJwk(text);
  const names = essentialNames(jwk.kty);
  const { key, exported } = importKey(jwk);
  if (names.some((name) => !jwk[name] || jwk[name] !== exported[name]))
    throw new RoomError('bad_key', 'the JWK is not canonical');
  const essential = Object.fromEntries(names.map((name) => [name, jwk[name]]));
  const fingerprint = createHash('sha256').update(JSON.stringify(essential)).digest('hex');
  return { fingerprint, jwk, key };
}

function parseJwk(text: string): JsonWebKey {
  if (Buffer.byteLength(text) > MAX_JWK_BYTES)
    throw new RoomError('bad_key', `the JWK is larger than ${MAX_JWK_BYTES} bytes`);
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RoomError('bad_key');
  if (PRIVATE.some((name) => Object.hasOwn(value, name)))
    throw new RoomError('bad_key', 'the JWK has private members; keep them to yourself');
  return value as JsonWebKey;
}

function essentialNames(kty: unknown): readonly string[] {
  if (kty === 'EC' || kty === 'OKP' || kty === 'RSA') return ESSENTIAL[kty];
  throw new RoomError('bad_key');
}

function importKey(jwk: JsonWebKey): { key: KeyObject; exported: JsonWebKey } {
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    return { key, exported: key.export({ format: 'jwk' }) };
  } catch {
    throw new RoomError('bad_key'); // the library's reasons quote the key
  }
}
