// Public keys as clients of named rooms have them, and their ids.
import { createHash, generateKeyPairSync } from 'node:crypto';

const keys = [];

/** The n-th key: always the same within a process, as making one costs more than what is measured. */
export function publicKey(n) {
  return (keys[n] ??= makeKey());
}

function makeKey() {
  const { kty, crv, x, y } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  const jwk = { kty, crv, x, y };
  const id = createHash('sha256').update(JSON.stringify(jwk)).digest('hex');
  return { id, register: JSON.stringify({ type: 'register', publicKey: jwk }) };
}
