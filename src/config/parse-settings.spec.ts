import { parseSettings, SettingsError } from './parse-settings.js';
import { describedSettings } from './setting.decorator.js';

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    parseSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

describe('settings that are not given', () => {
  it("are those of the source's README and of the design", () => {
    expect(parseSettings({})).toMatchObject({
      host: '0.0.0.0',
      port: 1234,
      roomTtl: 600_000,
      heartbeat: 20_000,
      wsMaxMsg: 1_048_576,
      wsReadBuf: 4096,
      wsWriteBuf: 4096,
      httpRatePerMin: 0,
      wsRatePerMin: 0,
      corsOrigins: [],
      dev: true,
      tlsCertFile: '',
      tlsKeyFile: '',
      tlsCaFile: '',
      sigverPort: undefined,
      metricsRoute: '/metrics',
      logLevel: 'info',
      trustProxy: [],
      maxConnections: 50_000,
      maxConnectionsPerAddress: 0,
      wsFramesPerSec: 0,
      mailboxMaxFrames: 10_000,
      mailboxMaxBytes: 16 * 1024 * 1024,
      mailboxTotalBytes: 1024 * 1024 * 1024,
      codeMinDigits: 4,
      codeMaxDigits: 8,
      redeemFailsPerMin: 20,
    });
  });

  it('include those that are given empty', () => {
    const empty = Object.fromEntries(
      describedSettings().flatMap(({ name, aliases = [] }) => [name, ...aliases].map((n) => [n, ''])),
    );
    expect(parseSettings(empty)).toEqual(parseSettings({}));
  });

  it('leave no other environment variable a say', () => {
    expect(parseSettings({ ROOMTTL: '1s', room_ttl: '1s', PATH: 'x', PORTS: '99999999' })).toEqual(parseSettings({}));
  });
});

describe('given settings', () => {
  it('are read by their kind, spaces around them ignored', () => {
    const settings = parseSettings({
      HOST: '::1',
      PORT: ' 8080 ',
      ROOM_TTL: '1h30m',
      DEV: 'F',
      LOG_LEVEL: 'WARN',
      CORS_ORIGINS: ' https://a.example , b.example,,*',
      TRUST_PROXY: 'loopback, 10.0.0.0/8, 2001:db8::/32, 192.0.2.1',
    });
    expect(settings).toMatchObject({
      host: '::1',
      port: 8080,
      roomTtl: 5_400_000,
      dev: false,
      logLevel: 'warn',
      corsOrigins: ['https://a.example', 'b.example', '*'],
      trustProxy: ['loopback', '10.0.0.0/8', '2001:db8::/32', '192.0.2.1'],
    });
  });

  it.each(['true', 'TRUE', 'True', 't', 'T', '1'])('take %s for true', (DEV) => {
    expect(parseSettings({ DEV }).dev).toBe(true);
  });

  it.each(['false', 'FALSE', 'False', 'f', 'F', '0'])('take %s for false', (DEV) => {
    expect(parseSettings({ DEV }).dev).toBe(false);
  });

  it.each([
    ['redis://user:sec/ret@host/x', 'redis://***@host/x'],
    ['user:secret@host', '***@host'],
  ])('keep credentials out of the error for %s', (REDIS_URL, shown) => {
    expect(() => parseSettings({ REDIS_URL })).toThrow(`REDIS_URL: "${shown}" is not allowed`);
  });

  it('cannot be changed afterwards', () => {
    expect(Object.isFrozen(parseSettings({}))).toBe(true);
  });
});

describe('the spellings of the reference server', () => {
  it.each([
    ['HEARTBEAT', 'WS_HEARTBEAT', '30s', '60s', { heartbeat: 60_000 }, { heartbeat: 30_000 }],
    ['WS_READ_BUF', 'WS_READ_BUFFER', '8192', '65536', { wsReadBuf: 65_536 }, { wsReadBuf: 8192 }],
    ['WS_WRITE_BUF', 'WS_WRITE_BUFFER', '8192', '65536', { wsWriteBuf: 65_536 }, { wsWriteBuf: 8192 }],
  ])('win over %s: %s', (name, alias, value, aliased, withAlias, withName) => {
    expect(parseSettings({ [alias]: aliased })).toMatchObject(withAlias);
    expect(parseSettings({ [alias]: aliased, [name]: value })).toMatchObject(withAlias);
    expect(parseSettings({ [alias]: '', [name]: value })).toMatchObject(withName);
  });

  it('are named where their value is wrong', () => {
    expect(problemsOf({ WS_HEARTBEAT: '20', HEARTBEAT: '20s' })).toEqual([
      expect.stringMatching(/^WS_HEARTBEAT: "20" /),
    ]);
  });
});

describe('errors', () => {
  it('are told all at once, each with its name, what was given and what is allowed', () => {
    const wrong = {
      PORT: 'http',
      ROOM_TTL: '600',
      DEV: 'yes',
      CODE_MIN_DIGITS: '3',
      LOG_LEVEL: 'loud',
      TLS_KEY_FILE: 'absent.pem',
    };
    const problems = problemsOf(wrong);
    for (const [name, value] of Object.entries(wrong)) {
      expect(problems).toContainEqual(
        expect.stringMatching(new RegExp(`^${name}: "${value}" is not allowed: must be `)),
      );
    }
    expect(problems).toContainEqual('PORT: "http" is not allowed: must be a whole number from 0 to 65535');
    expect(problems).toContainEqual(expect.stringMatching(/^TLS_CERT_FILE, TLS_KEY_FILE: .*both or neither/));
    expect(problems).toHaveLength(7);
  });

  it('are one line each in the message', () => {
    expect(() => parseSettings({ PORT: 'x', DEV: 'x' })).toThrow(/^PORT: .*\nDEV: .*$/);
  });

  it('say so when a code could not grow', () => {
    expect(problemsOf({ CODE_MIN_DIGITS: '6', CODE_MAX_DIGITS: '5' })).toEqual([
      expect.stringMatching(/^CODE_MAX_DIGITS: "5"/),
    ]);
    expect(problemsOf({ CODE_MIN_DIGITS: '6', CODE_MAX_DIGITS: '6' })).toEqual([]);
  });
});
