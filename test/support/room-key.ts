import { constants, createHash, generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from 'node:crypto';

export const KEY_KINDS = ['P-256', 'P-384', 'P-521', 'Ed25519', 'RSA'] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** How each kind signs when it proves possession. */
const METHODS: Record<KeyKind, { hash: string | null; options: object }> = {
  'P-256': { hash: 'sha256', options: { dsaEncoding: 'ieee-p1363' } },
  'P-384': { hash: 'sha384', options: { dsaEncoding: 'ieee-p1363' } },
  'P-521': { hash: 'sha512', options: { dsaEncoding: 'ieee-p1363' } },
  Ed25519: { hash: null, options: {} },
  RSA: { hash: 'sha256', options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } },
};

function generate(kind: KeyKind): { publicKey: KeyObject; privateKey: KeyObject } {
  if (kind === 'RSA') return generateKeyPairSync('rsa', { modulusLength: 2048 });
  if (kind === 'Ed25519') return generateKeyPairSync('ed25519');
  return generateKeyPairSync('ec', { namedCurve: kind });
}

/** The fingerprint as the specification has it, computed without the server's code. */
function fingerprintOf({ kty, crv, x, y, n, e }: JsonWebKey): string {
  const essential = kty === 'EC' ? { kty, crv, x, y } : kty === 'OKP' ? { kty, crv, x } : { kty, n, e };
  return createHash('sha256').update(JSON.stringify(essential)).digest('hex');
}

/** A client's key pair. */
export class RoomKey {
  readonly jwk: JsonWebKey;
  readonly privateJwk: JsonWebKey;
  readonly id: string;
  readonly privateKey: KeyObject;

  constructor(readonly kind: KeyKind = 'Ed25519') {
    const { publicKey, privateKey } = generate(kind);
    this.privateKey = privateKey;
    this.jwk = publicKey.export({ format: 'jwk' });
    this.privateJwk = privateKey.export({ format: 'jwk' });
    this.id = fingerprintOf(this.jwk);
  }

  /** The answer to a challenge. */
  prove(room: string, nonce: string): string {
    return this.sign(`signalbox-room\n${room}\n${nonce}`, METHODS[this.kind].hash, METHODS[this.kind].options);
  }

  sign(text: string, hash: string | null, options: object): string {
    return sign(hash, Buffer.from(text), { key: this.privateKey, ...options }).toString('base64url');
  }
}
