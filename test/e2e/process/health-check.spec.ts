import { execFile } from 'node:child_process';
import { CertificateFiles, makeCertificate } from '../../support/certificates.js';
import { killServers, ServerProcess } from '../../support/server-process.js';

jest.setTimeout(120_000);

/** What the container's health check exits with, under these settings. */
async function checked(settings: Record<string, string>): Promise<number | string | null | undefined> {
  const child = execFile(process.execPath, ['dist/healthcheck.js'], { env: settings });
  return new Promise((resolve) => child.once('exit', resolve));
}

describe('the health check of a container', () => {
  const files = new CertificateFiles();

  beforeAll(async () => files.write(await makeCertificate('signal.example.org')));
  afterEach(killServers);
  afterAll(() => files.remove());

  it.each(['0.0.0.0', '127.0.0.2'])('finds a server on HOST=%s, and finds that it is gone', async (HOST) => {
    const server = await ServerProcess.start({ HOST });
    const settings = { HOST, PORT: String(server.port) };
    expect(await checked(settings)).toBe(0);
    server.signal('SIGKILL');
    await server.exit();
    expect(await checked(settings)).toBe(1);
  });

  it('finds one with TLS, whatever name its certificate has', async () => {
    const tls = { TLS_CERT_FILE: files.certFile, TLS_KEY_FILE: files.keyFile };
    const server = await ServerProcess.start(tls);
    expect(await checked({ ...tls, HOST: '127.0.0.1', PORT: String(server.port) })).toBe(0);
  });
});
