/** Where Redis is, as REDIS_URL tells it. */
export interface RedisAddress {
  username?: string;
  password?: string;
  /** The database's number. */
  db: number;
  tls: boolean;
  /** The one server; with `sentinels`, the name of the master they watch. */
  at: { host: string; port: number } | { sentinels: { host: string; port: number }[]; master: string };
}

const FORM = /^(rediss?|redis\+sentinel):\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^@/?#]+)((?:\/[^/?#]*)*)$/;
const HOST = /^(\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/;

const REDIS_PORT = 6379;
const SENTINEL_PORT = 26_379;

/**
 * Reads `redis://[user[:password]@]host[:port][/db]`, the same with `rediss:` (TLS), or
 * `redis+sentinel://[user[:password]@]host[:port],host[:port]…/master[/db]`, where user and password are Redis' own, not
 * the sentinels'. A user name that is empty means the default user; both may be percent-encoded.
 * @throws Error on anything else.
 */
export function parseRedisUrl(url: string): RedisAddress {
  const [, scheme, username, password, hosts, path] = FORM.exec(url) ?? malformed();
  const login = {
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
  };
  const segments = path!.split('/').slice(1);
  if (scheme !== 'redis+sentinel') {
    const [db = ''] = segments;
    if (segments.length > 1) malformed();
    return { ...login, db: parseDb(db), tls: scheme === 'rediss', at: parseHost(hosts!, REDIS_PORT) };
  }
  const [master, db = ''] = segments;
  if (!master || segments.length > 2) malformed();
  const sentinels = hosts!.split(',').map((host) => parseHost(host, SENTINEL_PORT));
  return { ...login, db: parseDb(db), tls: false, at: { sentinels, master: decodeURIComponent(master) } };
}

function parseHost(text: string, defaultPort: number): { host: string; port: number } {
  const [, host, digits] = HOST.exec(text) ?? malformed();
  const port = digits === undefined ? defaultPort : Number(digits);
  if (port < 1 || port > 65_535) malformed();
  return { host: host!.replace(/^\[|\]$/g, ''), port };
}

function parseDb(text: string): number {
  if (!/^\d{0,4}$/.test(text)) malformed();
  return Number(text);
}

function malformed(): never {
  throw new Error('not the URL of a Redis');
}
