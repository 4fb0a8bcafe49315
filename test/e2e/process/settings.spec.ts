import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { CertificateFiles, makeCertificate } from '../../support/certificates.js';
import { killServers, ServerProcess } from '../../support/server-process.js';

jest.setTimeout(120_000);

const STACK = /^\s+at |node:internal|\.js:\d+/m;

const WRONG = {
  HOST: 'not a host',
  PORT: '99999',
  ROOM_TTL: '10',
  WS_HEARTBEAT: '5',
  WS_MAX_MSG: '1024',
  WS_READ_BUFFER: 'many',
  HTTP_RATE_PER_MIN: '-1',
  WS_RATE_PER_MIN: '1.5',
  MAX_CONNECTIONS: '0',
  MAILBOX_MAX_FRAMES: '1e3',
  CORS_ORIGINS: 'https://a.example/path',
  DEV: 'maybe',
  TRUST_PROXY: '10.0.0.0/64',
  TLS_CERT_FILE: '/no/such/file.pem',
  METRICS_ROUTE: 'metrics',
  DRAIN_DELAY: 'soon',
  LOG_LEVEL: 'loud',
};
/** A right setting whose wrong alias wins, and two that are right by themselves but not together. */
const MISLEADING = { HEARTBEAT: '20s', CODE_MIN_DIGITS: '6', CODE_MAX_DIGITS: '5' };
/** CODE_MAX_DIGITS, and the certificate whose key is missing. */
const CROSS_RULES = 2;

afterEach(killServers);

describe('settings that are wrong', () => {
  let told: ServerProcess;
  const lineOf = (name: string) => told.stderr.split('\n').filter((line) => line.startsWith(`${name}:`));

  beforeAll(async () => {
    told = await ServerProcess.run({ ...WRONG, ...MISLEADING });
  });

  it('keep the server from starting: exit code 1, and nothing but the errors on stderr', () => {
    expect({ exitCode: told.exitCode, stdout: told.stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(told.stderr.trim().split('\n').length).toBe(Object.keys(WRONG).length + CROSS_RULES);
    expect(told.stderr).not.toMatch(STACK);
  });

  it.each(Object.entries(WRONG))('are all told at once, each with what was given: %s', (name, value) => {
    expect(lineOf(name)).toEqual([expect.stringMatching(/must be|must not be/)]);
    expect(lineOf(name)[0]).toContain(JSON.stringify(value));
  });

  it('are told with what is allowed', () => {
    expect(lineOf('LOG_LEVEL')[0]).toMatch(/debug, info, warn.*error$/);
    expect(lineOf('PORT')[0]).toMatch(/0 to 65535$/);
    expect(lineOf('WS_HEARTBEAT')[0]).toMatch(/unit/);
  });

  it('are told under the spelling that was used, and when they contradict each other', () => {
    expect(lineOf('HEARTBEAT')).toEqual([]);
    expect(told.stderr).toMatch(/^CODE_MAX_DIGITS: .*CODE_MIN_DIGITS/m);
    expect(told.stderr).toMatch(/^TLS_CERT_FILE, TLS_KEY_FILE: .*both or neither/m);
  });

  it('are told in the same way by --check-config', async () => {
    const { exitCode, stdout, stderr } = await ServerProcess.run({ ...WRONG, ...MISLEADING }, '--check-config');
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 1, stdout: '', stderr: told.stderr });
  });
});

describe('what cannot be done', () => {
  it('is told without a stack trace, with exit code 1: the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { exitCode, stderr } = await ServerProcess.run({ PORT: String(port) });
    other.close();
    expect(exitCode).toBe(1);
    expect(stderr).toContain('EADDRINUSE');
    expect(stderr).not.toMatch(STACK);
  });

  it('is told without a stack trace, with exit code 1: the key does not belong to the certificate', async () => {
    const files = new CertificateFiles();
    files.write({ cert: (await makeCertificate('one')).cert, key: (await makeCertificate('other')).key });
    const { exitCode, stderr } = await ServerProcess.run(files.settings);
    files.remove();
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/key/i);
    expect(stderr).not.toMatch(STACK);
  });
});

describe('settings that are right', () => {
  it('may be empty, which counts as not given, and spelt as the reference server spells them', async () => {
    const empty = { ROOM_TTL: '', TLS_CERT_FILE: '', REDEEM_FAILS_PER_MIN: '' };
    const spelt = {
      WS_HEARTBEAT: '1m30s',
      WS_READ_BUFFER: '65536',
      WS_WRITE_BUFFER: '65536',
      DEV: '1',
      LOG_LEVEL: 'WARN',
    };
    const { exitCode, stdout, stderr } = await ServerProcess.run({ ...empty, ...spelt }, '--check-config');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/right/);
  });
});

describe('the command line', () => {
  it('--help explains itself and every setting, also when the settings are wrong', async () => {
    const { exitCode, stdout, stderr } = await ServerProcess.run(WRONG, '--help');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const words = ['--check-config', '--version', '--help', ...Object.keys(WRONG), ...Object.keys(MISLEADING)];
    expect(words.filter((word) => !stdout.includes(word))).toEqual([]);
  });

  it('--version prints the version', async () => {
    const { exitCode, stdout } = await ServerProcess.run({}, '--version');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
  });

  it.each(['--nonsense', 'nonsense'])('does not serve when it is told what it does not know: %s', async (word) => {
    const { exitCode, stdout, stderr } = await ServerProcess.run({}, word);
    expect(exitCode).toBeGreaterThan(0);
    expect(stdout).toBe('');
    expect(stderr).toContain('nonsense');
    expect(stderr).not.toMatch(STACK);
  });
});
