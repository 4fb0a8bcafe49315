import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { CertificateFiles, makeCertificate, type Pem, servedName } from '../../support/certificates.js';
import { eventually } from '../../support/eventually.js';
import { dropRawSockets, RawSocket } from '../../support/raw-http.js';
import { type RunningApp, startApp } from '../../support/start-app.js';
import { dropSockets, passed, refusal, WsClient } from '../../support/ws-client.js';

jest.setTimeout(30_000);

describe('TLS', () => {
  let server: RunningApp;
  let files: CertificateFiles;
  let first: Pem;

  beforeAll(async () => {
    first = await makeCertificate('first');
  });
  beforeEach(async () => {
    files = new CertificateFiles();
    files.write(first);
    server = await startApp(files.settings);
  });
  afterEach(async () => {
    dropSockets();
    dropRawSockets();
    await server.close();
    files.remove();
  });

  const url = (room: string, side: string) => `${server.ws}/ws?appID=${room}&side=${side}`;
  /** A request whose server must present the certificate that is trusted here. */
  const get = (path: string, ca: string) =>
    new Promise<number>((resolve, reject) => {
      const sent = request(`${server.http}${path}`, { ca, agent: false }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      sent.on('error', reject).end();
    });

  it('serves https and wss on one port, with the certificate it was given', async () => {
    expect([server.http, server.ws].map((each) => each.split(':')[0])).toEqual(['https', 'wss']);
    expect(await get('/healthz', first.cert)).toBe(200);
    const room = randomUUID();
    const options = { ca: first.cert, rejectUnauthorized: true };
    const a = await WsClient.open(url(room, 'A'), options);
    const b = await WsClient.open(url(room, 'B'), options);
    a.send({ type: 'hello' });
    b.send('{"type":"offer"}');
    await passed(b, a);
    expect(a.frames).toEqual(['{"type":"room_full"}', '{"type":"offer"}']);
  });

  it('refuses handshakes as without it', async () => {
    expect(await refusal(url('x', 'A'))).toMatchObject({ status: 400, body: 'invalid appID\n' });
    expect(await refusal(`${server.ws}/nowhere`)).toMatchObject({ status: 404 });
  });

  it('hangs up on who speaks none, and on junk, and goes on', async () => {
    const plain = await RawSocket.open(server);
    await plain.write('GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n');
    await eventually(() => plain.ended);
    expect(plain.received.toString('latin1')).not.toContain('200 OK');
    expect(await get('/healthz', first.cert)).toBe(200);
  });

  it('takes a renewed pair into use without a restart, and lets open sockets be', async () => {
    const a = await WsClient.open(url(randomUUID(), 'A'));
    files.write(await makeCertificate('second'));
    await eventually(async () => expect(await servedName(server.port)).toBe('second'));
    await a.settled();
    expect(a.closed).toBeUndefined();
  });

  it('does so again and again', async () => {
    for (const name of ['second', 'third']) {
      files.write(await makeCertificate(name));
      await eventually(async () => expect(await servedName(server.port)).toBe(name));
    }
  });

  it('does so when the files are replaced by renaming, as certbot does', async () => {
    const next = await makeCertificate('renamed');
    for (const [path, text] of [
      [files.certFile, next.cert],
      [files.keyFile, next.key],
    ] as const) {
      writeFileSync(`${path}.new`, text);
      renameSync(`${path}.new`, path);
    }
    await eventually(async () => expect(await servedName(server.port)).toBe('renamed'));
  });
});

describe('a pair behind a link to a folder, as Kubernetes mounts secrets', () => {
  let server: RunningApp;
  const files = new CertificateFiles();

  afterAll(async () => {
    await server.close();
    files.remove();
  });

  it('is taken into use when the link is swapped', async () => {
    const version = (name: string, { cert, key }: Pem) => {
      mkdirSync(join(files.folder, name));
      writeFileSync(join(files.folder, name, 'tls.crt'), cert);
      writeFileSync(join(files.folder, name, 'tls.key'), key);
      symlinkSync(name, join(files.folder, '..data_tmp'));
      renameSync(join(files.folder, '..data_tmp'), join(files.folder, '..data'));
    };
    version('..1', await makeCertificate('mounted'));
    symlinkSync(join('..data', 'tls.crt'), files.certFile);
    symlinkSync(join('..data', 'tls.key'), files.keyFile);
    server = await startApp(files.settings);
    expect(await servedName(server.port)).toBe('mounted');
    version('..2', await makeCertificate('remounted'));
    await eventually(async () => expect(await servedName(server.port)).toBe('remounted'));
  });
});
