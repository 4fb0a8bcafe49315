import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSettings } from './parse-settings.js';
import { describedSettings } from './setting.decorator.js';

const COUNT = {
  good: ['0', '1', '1000000000'],
  bad: ['-1', '1.5', '1e3', '0x10', '1000000001', 'many', '９', '9'.repeat(400)],
};
const BUFFER = { good: ['256', '16777216'], bad: ['255', '16777217', '4k', '-4096'] };
const QUOTA = { good: ['1'], bad: ['0', '-1', '1k', '1.5'] };
const PEM = { good: [], bad: ['/absent/file.pem', '.'] };

/** For every setting: values at its bounds, and values that must be refused. */
const EXAMPLES: Record<string, { good: string[]; bad: string[] }> = {
  HOST: {
    good: ['127.0.0.1', '::', 'localhost', 'node-1.example.org'],
    bad: ['a b', 'http://x', '127.0.0.1:80', 'a/b'],
  },
  PORT: { good: ['0', '65535'], bad: ['65536', '-1', '80.5', 'http', '1234 5', '0x50'] },
  ROOM_TTL: { good: ['1s', '720h'], bad: ['600', '999ms', '720h1s', '0', '-10m', '10 m', '10min', 'forever'] },
  HEARTBEAT: { good: ['100ms', '1h'], bad: ['20', '99ms', '61m', '0', '0s'] },
  WS_MAX_MSG: { good: ['1025', '268435456'], bad: ['1024', '0', '1MiB', '268435457'] },
  WS_READ_BUF: BUFFER,
  WS_WRITE_BUF: BUFFER,
  WS_MAX_BUFFERED: { good: ['1024', '1073741824'], bad: ['1023', '1073741825', '4M'] },
  WS_FRAMES_PER_SEC: COUNT,
  WS_BAD_FRAMES_PER_MIN: COUNT,
  HTTP_RATE_PER_MIN: COUNT,
  WS_RATE_PER_MIN: COUNT,
  REDEEM_FAILS_PER_MIN: COUNT,
  MAX_CONNECTIONS: { good: ['1', '10000000'], bad: ['0', '-1', 'all', '10000001'] },
  MAX_CONNECTIONS_PER_ADDRESS: { good: ['0', '10000000'], bad: ['-1', '10000001', 'all'] },
  MAILBOX_MAX_FRAMES: QUOTA,
  MAILBOX_MAX_BYTES: QUOTA,
  MAILBOX_TOTAL_BYTES: QUOTA,
  ROOMS_MAX_PEERS: { good: ['1', '1000000'], bad: ['0', '-1', '1000001', 'all'] },
  ROOMS_REQUIRE_PROOF: { good: ['true', 'false'], bad: ['yes', 'P-256'] },
  ROOMS_REGISTER_TIMEOUT: { good: ['100ms', '1h'], bad: ['10', '99ms', '61m', '0'] },
  CODE_MIN_DIGITS: { good: ['4', '8'], bad: ['3', '9', 'four'] },
  CODE_MAX_DIGITS: { good: ['4', '8'], bad: ['3', '9', 'eight'] },
  CORS_ORIGINS: {
    good: ['*', 'https://app.example.org', 'app.example.org,http://localhost:5173', 'capacitor://localhost'],
    bad: ['https://a.example/path', 'https://', '/x', 'a b', 'https://a.example,https://b.example/'],
  },
  DEV: { good: ['true', 'false'], bad: ['yes', 'no', 'on', '2', 'truee', 'null', 'constructor', '__proto__'] },
  TRUST_PROXY: {
    good: ['loopback', 'linklocal,uniquelocal', '10.1.2.3', '10.0.0.0/8', '::1/128'],
    bad: ['true', 'all', '10.0.0.0/33', '10.0.0.256', 'proxy.example.org', '10.0.0.1 10.0.0.2', '2001:db8::/129'],
  },
  TLS_CERT_FILE: PEM,
  TLS_KEY_FILE: PEM,
  TLS_CA_FILE: PEM,
  SIGVER_PORT: { good: ['', '0', '8000', '65535'], bad: ['65536', '-1', 'none', '80.5'] },
  REDIS_URL: {
    good: ['redis://localhost', 'rediss://user:secret@cache.example.org:6380/2', 'redis+sentinel://a:26379,b/main'],
    bad: [
      'localhost:6379',
      'http://localhost',
      'redis://',
      'redis://a,b',
      'redis://a:0',
      'redis+sentinel://a',
      'redis://a/x',
    ],
  },
  METRICS_ROUTE: {
    good: ['/metrics', '/internal/prom_1'],
    bad: ['metrics', '/', '/metrics/', '/a b', '/m?x=1', 'http://x/metrics'],
  },
  VOICE: { good: ['auto', 'on', 'OFF'], bad: ['true', '1', 'yes'] },
  VOICE_UDP_PORT: { good: ['0', '65535'], bad: ['65536', '-1', '5000-6000'] },
  VOICE_BIND: { good: ['127.0.0.1', '0.0.0.0', '::'], bad: ['localhost', '1.2.3', '[::1]'] },
  VOICE_ANNOUNCED_IP: { good: ['198.51.100.1', '2001:db8::1'], bad: ['voice.example.org', '198.51.100.1:5000'] },
  VOICE_IDLE: { good: ['1s', '30s', '24h'], bad: ['30', '0s', '25h'] },
  VOICE_MAX_SLOTS: { good: ['0', '8', '32'], bad: ['33', '-1', 'all'] },
  VOICE_MAX_PEERS: { good: ['1', '1000'], bad: ['0', '1000001', '1e3'] },
  NATS: {
    good: [
      'localhost',
      'nats://localhost:4222',
      'nats-1:4222,tls://nats-2',
      'nats://user:pass@10.0.0.1:4222',
      'nats://[::1]:1/',
    ],
    bad: ['http://localhost:4222', 'ws://x', 'nats://', 'nats://host/path', 'nats://host:99999', 'a b', 'host?x'],
  },
  PERMISSIONS_HOST: {
    good: ['http://permissions', 'https://permissions.example.org:8443/api/', 'http://127.0.0.1:8000'],
    bad: ['permissions', 'permissions:80', 'ftp://permissions', 'http://', 'http://x?y', 'http://x#y', 'http://a b'],
  },
  DRAIN_DELAY: { good: ['0', '0s', '5m'], bad: ['5', '301s', '-1s', 'soon'] },
  LOG_LEVEL: { good: ['debug', 'info', 'warn', 'ERROR'], bad: ['trace', 'verbose', 'inf', 'info,warn', 'constructor'] },
};

const NAMES = describedSettings().map(({ name }) => name);

/** The other half of a pair, so that only the value in question can be wrong. */
const BESIDE: Record<string, Record<string, string>> = {
  CODE_MIN_DIGITS: { CODE_MAX_DIGITS: '8' },
  CODE_MAX_DIGITS: { CODE_MIN_DIGITS: '4' },
};

describe('every setting', () => {
  it.each(NAMES)('%s has examples here', (name) => {
    expect(EXAMPLES[name]).toBeDefined();
  });

  it.each(NAMES)('%s has a default that is allowed and a line of help', (name) => {
    const setting = describedSettings().find((described) => described.name === name)!;
    expect(setting.help).not.toBe('');
    expect(() => parseSettings({ [name]: setting.default })).not.toThrow();
  });
});

const cases = (which: 'good' | 'bad') =>
  Object.entries(EXAMPLES).flatMap(([name, examples]) =>
    examples[which].map((value): [string, string] => [name, value]),
  );

describe('an allowed value', () => {
  it.each(cases('good'))('%s=%s', (name, value) => {
    expect(() => parseSettings({ ...BESIDE[name], [name]: value })).not.toThrow();
  });
});

describe('a value that is not allowed', () => {
  it.each(cases('bad'))('%s=%s', (name, value) => {
    expect(() => parseSettings({ ...BESIDE[name], [name]: value })).toThrow(
      `${name}: ${JSON.stringify(value)} is not allowed: must be`,
    );
  });
});

describe('the TLS pair', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-'));
  const file = join(folder, 'file.pem');
  writeFileSync(file, 'not looked into here');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is both files', () => {
    expect(parseSettings({ TLS_CERT_FILE: file, TLS_KEY_FILE: file })).toMatchObject({
      tlsCertFile: file,
      tlsKeyFile: file,
    });
  });

  it.each(['TLS_CERT_FILE', 'TLS_KEY_FILE'])('is not %s alone', (name) => {
    expect(() => parseSettings({ [name]: file })).toThrow(/TLS_CERT_FILE, TLS_KEY_FILE: .*both or neither/);
  });

  it('may have more certificates beside it, which are nothing without it', () => {
    const pair = { TLS_CERT_FILE: file, TLS_KEY_FILE: file };
    expect(parseSettings({ ...pair, TLS_CA_FILE: file })).toMatchObject({ tlsCaFile: file });
    expect(() => parseSettings({ TLS_CA_FILE: file })).toThrow(/^TLS_CA_FILE: given without TLS_CERT_FILE/);
  });
});
