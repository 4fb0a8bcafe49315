import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateFiles, makeCertificate, type Pem, servedName } from '../../support/certificates.js';
import { eventually } from '../../support/eventually.js';
import { killServers, ServerProcess } from '../../support/server-process.js';

jest.setTimeout(120_000);

// The settings name links in a folder of their own: what they lead to can change without anything in that folder
// changing, so only SIGHUP can be the reason when it is read again.
describe('on SIGHUP', () => {
  let server: ServerProcess;
  const files = new CertificateFiles();
  const links = mkdtempSync(join(tmpdir(), 'signalbox-links-'));

  beforeAll(async () => {
    files.write(await makeCertificate('first'));
    const settings = { TLS_CERT_FILE: join(links, 'cert.pem'), TLS_KEY_FILE: join(links, 'key.pem') };
    symlinkSync(files.certFile, settings.TLS_CERT_FILE);
    symlinkSync(files.keyFile, settings.TLS_KEY_FILE);
    server = await ServerProcess.start(settings);
  });
  afterAll(async () => {
    await killServers();
    files.remove();
    rmSync(links, { recursive: true });
  });

  const lines = (text: string) => server.output.split('\n').filter((line) => line.includes(text)).length;

  it('a renewed certificate is taken into use', async () => {
    files.write(await makeCertificate('second'));
    server.signal('SIGHUP');
    await eventually(async () => expect(await servedName(server.port)).toBe('second'));
  });

  it('a pair that does not work is reported, and the last good one stays', async () => {
    const [one, other] = [await makeCertificate('one'), await makeCertificate('other')];
    const broken: Pem[] = [
      { cert: 'no certificate', key: one.key },
      { cert: one.cert, key: other.key },
      { cert: '', key: '' },
      { cert: one.cert.slice(0, 200), key: one.key },
    ];
    for (const pair of broken) {
      const reported = lines('not reloaded');
      files.write(pair);
      server.signal('SIGHUP');
      await eventually(() => expect(lines('not reloaded')).toBe(reported + 1));
      expect(await servedName(server.port)).toBe('second');
    }
  });

  it('a pair whose files are gone changes nothing either', async () => {
    const reported = lines('not reloaded');
    rmSync(files.certFile);
    server.signal('SIGHUP');
    await eventually(() => expect(lines('not reloaded')).toBe(reported + 1));
    expect(await servedName(server.port)).toBe('second');
  });

  it('the next good pair is taken all the same, and no key was ever printed', async () => {
    files.write(await makeCertificate('third'));
    server.signal('SIGHUP');
    await eventually(async () => expect(await servedName(server.port)).toBe('third'));
    expect(server.output).not.toContain('PRIVATE KEY');
  });
});
