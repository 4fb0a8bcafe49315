import type { NodeConnectionOptions } from '@nats-io/transport-node';

/**
 * What the client library wants for servers as the setting has them: it reads neither credentials nor the scheme out of
 * URLs. Credentials and TLS are one cluster's, so those of the first server that has them count for all; a user without
 * a password is a token.
 */
export function natsServers(entries: readonly string[]): NodeConnectionOptions & { servers: string[] } {
  const urls = entries.map((entry) => new URL(entry.includes('://') ? entry : `nats://${entry}`));
  const { username, password } = urls.find((url) => url.username !== '') ?? { username: '', password: '' };
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)];
  const credentials = pass !== '' ? { user, pass } : user !== '' ? { token: user } : {};
  const tls = urls.some(({ protocol }) => protocol === 'tls:') ? { tls: {} } : {};
  return { servers: urls.map(({ host }) => host), ...credentials, ...tls };
}
