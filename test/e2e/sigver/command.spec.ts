import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { CertificateFiles, makeChain } from '../../support/certificates.js';
import { rawRequest } from '../../support/raw-http.js';
import { killServers, ServerProcess } from '../../support/server-process.js';
import { SigverClient } from '../../support/sigver-client.js';
import { dropSockets, WsClient } from '../../support/ws-client.js';
import { Peers } from './scenarios/peers.js';

jest.setTimeout(120_000);

const LOCAL = ['-h', '127.0.0.1', '-p', '0'];

afterEach(async () => {
  dropSockets();
  await killServers();
});

describe('the command sigver', () => {
  it('serves groups whose key is the path, on the host and port it is given', async () => {
    const sigver = await ServerProcess.sigver(...LOCAL);
    const peers = new Peers((_peer, key, query = '') => `${sigver.ws}/${key}${query}`);
    const { member, joiner } = await peers.bound();
    expect(await joiner.connect(2, [1])).toBe(true);
    expect(member.socket.closed).toBeUndefined();
    const noKey = await SigverClient.open(`${sigver.ws}/`);
    expect(await noKey.end()).toMatchObject({ code: 4741 });
    expect(sigver.stderr).toBe('');
  });

  it('answers plain HTTP with 426, whatever the path and method, and has no other routes', async () => {
    const sigver = await ServerProcess.sigver('--host', '127.0.0.1', '--port', '0');
    for (const line of ['GET /', 'GET /key', 'POST /rendezvous/code', 'GET /metrics', 'GET /%zz']) {
      const answer = await rawRequest(sigver, `${line} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n`);
      expect({ line, status: answer.status, upgrade: answer.headers['upgrade'] }).toEqual({
        line,
        status: 426,
        upgrade: 'websocket',
      });
    }
    const ws = await SigverClient.open(`${sigver.ws}/ws?appID=x`);
    expect(await ws.connect(1)).toBe(true);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('closes its sockets with 1001 on %s and ends with 0', async (signal) => {
    const sigver = await ServerProcess.sigver(...LOCAL);
    const peer = await SigverClient.open(`${sigver.ws}/key`);
    expect(await peer.connect(1)).toBe(true);
    sigver.signal(signal);
    expect(await peer.end()).toMatchObject({ code: 1001 });
    expect(await sigver.exit()).toBe(0);
  });

  it('speaks TLS with a key, a certificate and what leads from that to the root', async () => {
    const files = new CertificateFiles();
    try {
      const { root, between, leaf } = await makeChain();
      files.write(leaf);
      const ca = files.writeMore('ca.crt', between);
      const sigver = await ServerProcess.sigver(...LOCAL, '-k', files.keyFile, '-c', files.certFile, '-a', ca);
      const url = `wss://127.0.0.1:${sigver.port}/key`;
      const trusting = await WsClient.open(url, { ca: root, rejectUnauthorized: true });
      trusting.send(Buffer.from('1a020801', 'hex'));
      await trusting.settled();
      expect(trusting.binary.map((data) => data.toString('hex'))).toEqual(['2001']);
      const bare = await ServerProcess.sigver(...LOCAL, '--key', files.keyFile, '--cert', files.certFile);
      const mistrusting = WsClient.begin(`wss://127.0.0.1:${bare.port}/key`, { ca: root, rejectUnauthorized: true });
      expect(await mistrusting.end()).toMatchObject({ code: 1006 });
    } finally {
      files.remove();
    }
  });

  it.each([['--help'], ['-V'], ['--version']])('tells what it is: %s', async (option) => {
    const { stdout, exitCode } = await ServerProcess.runSigver(option);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(option === '--help' ? /^sigver \[-h host\]/ : /^\d+\.\d+\.\d+\n$/) as string,
    });
  });

  it.each([
    [['--nonsense'], 2, /^sigver: .*--nonsense/],
    [['-p', '99999'], 1, /^SIGVER_PORT: "99999" is not allowed/],
    [['-c', '/absent.pem'], 1, /^TLS_CERT_FILE: "\/absent.pem" is not allowed/],
  ])('refuses %j', async (args, code, words) => {
    const { stderr, exitCode } = await ServerProcess.runSigver(...args);
    expect({ exitCode, stderr }).toEqual({ exitCode: code, stderr: expect.stringMatching(words) as string });
  });
});

describe('a port that somebody else has', () => {
  const holder = createServer();
  let port: string;

  beforeAll(async () => {
    holder.listen(0, '127.0.0.1');
    await once(holder, 'listening');
    port = String((holder.address() as AddressInfo).port);
  });
  afterAll(() => holder.close());

  it('ends the command with 1 and a line that says so', async () => {
    const { stderr, exitCode } = await ServerProcess.runSigver('-h', '127.0.0.1', '-p', port);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(new RegExp(`^sigver: .*EADDRINUSE.*:${port}$`, 'm'));
  });

  it('ends the main server in the same way when it is its SIGVER_PORT', async () => {
    const { stderr, exitCode } = await ServerProcess.run({ SIGVER_PORT: port });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(new RegExp(`^signalbox: .*EADDRINUSE.*:${port}$`, 'm'));
  });
});
