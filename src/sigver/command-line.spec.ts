import { parseCommandLine, UsageError } from './command-line.js';

describe('the command line of sigver', () => {
  it('serves on 0.0.0.0:8000 without TLS by default, whatever the environment says of that', () => {
    const { serve } = parseCommandLine([], { HOST: 'x', SIGVER_PORT: '1', TLS_CERT_FILE: 'y', LOG_LEVEL: 'warn' }) as {
      serve: object;
    };
    expect(serve).toEqual({ HOST: '0.0.0.0', SIGVER_PORT: '8000', LOG_LEVEL: 'warn' });
  });

  it.each([
    ['short', ['-h', '::1', '-p', '9', '-k', 'key', '-c', 'cert', '-a', 'ca']],
    ['long', ['--host=::1', '--port', '9', '--key', 'key', '--cert', 'cert', '--ca', 'ca']],
  ])('takes its options in their %s forms', (_form, args) => {
    expect(parseCommandLine(args, {})).toEqual({
      serve: { HOST: '::1', SIGVER_PORT: '9', TLS_KEY_FILE: 'key', TLS_CERT_FILE: 'cert', TLS_CA_FILE: 'ca' },
    });
  });

  it('tells what it is before anything else', () => {
    expect([parseCommandLine(['-p', '9', '--help'], {}), parseCommandLine(['-V', '-p', '9'], {})]).toEqual([
      'help',
      'version',
    ]);
  });

  it.each([['-x'], ['-p'], ['-h'], ['word'], ['-p', ''], ['--port', '-k']])('refuses %s %s', (...args) => {
    expect(() => parseCommandLine(args, {})).toThrow(UsageError);
  });
});
