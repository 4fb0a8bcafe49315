import { constants, type KeyObject, randomBytes, verify, type VerifyKeyObjectInput } from 'node:crypto';

/** Bytes of a nonce: 256 bits, beyond guessing. */
const NONCE_BYTES = 32;

/** Bytes of salt in an RSA-PSS signature: as long as the hash. */
const PSS_SALT_BYTES = 32;

/** Signatures go with the hash that is as strong as the curve: RFC 7518, 3.4. */
const CURVE_HASHES: Readonly<Record<string, string>> = {
  prime256v1: 'sha256',
  secp384r1: 'sha384',
  secp521r1: 'sha512',
};

const BASE64URL = /^[\w-]+$/;

interface Method {
  hash: string | null;
  options: Omit<VerifyKeyObjectInput, 'key'>;
}

export function newNonce(): string {
  return randomBytes(NONCE_BYTES).toString('base64url');
}

/** Whether there is a way to prove possession with a key of this kind. */
export function isProvable(key: KeyObject): boolean {
  return methodFor(key) !== undefined;
}

/**
 * Whether the signature shows that its sender has the private key and meant this room and this challenge.
 * @param room the room's name, decoded
 * @param signature base64url without padding
 */
export function proves(key: KeyObject, room: string, nonce: string, signature: string): boolean {
  const method = methodFor(key);
  if (!method || !BASE64URL.test(signature)) return false;
  const message = Buffer.from(`signalbox-room\n${room}\n${nonce}`);
  return verify(method.hash, message, { key, ...method.options }, Buffer.from(signature, 'base64url'));
}

function methodFor({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): Method | undefined {
  if (asymmetricKeyType === 'ed25519') return { hash: null, options: {} };
  if (asymmetricKeyType === 'rsa')
    return { hash: 'sha256', options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: PSS_SALT_BYTES } };
  const hash = CURVE_HASHES[asymmetricKeyDetails?.namedCurve ?? ''];
  return hash === undefined ? undefined : { hash, options: { dsaEncoding: 'ieee-p1363' } };
}
