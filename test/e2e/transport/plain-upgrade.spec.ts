import { CertificateFiles, makeCertificate } from '../../support/certificates.js';
import { dropRawSockets, RawSocket, rawRequest } from '../../support/raw-http.js';
import { type RunningApp, startApp } from '../../support/start-app.js';

jest.setTimeout(30_000);

/** What `curl --http2` puts into every request to a server of which it knows nothing. */
const H2C = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n';

const request = (method: string, path: string, upgrade = H2C, body?: string) => {
  const content =
    body === undefined ? '' : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
  return `${method} ${path} HTTP/1.1\r\nHost: test\r\n${upgrade}${content}\r\n${body ?? ''}`;
};

describe.each(['http', 'https'])('over %s, a request that offers an upgrade which is no WebSocket', (scheme) => {
  let server: RunningApp;
  const files = new CertificateFiles();
  const tls = scheme === 'https';

  beforeAll(async () => {
    if (tls) files.write(await makeCertificate('plain-upgrade'));
    server = await startApp(tls ? files.settings : {});
  });
  afterEach(dropRawSockets);
  afterAll(async () => {
    await server.close();
    files.remove();
  });

  const send = (bytes: string) => rawRequest({ port: server.port, tls }, bytes);

  it('is answered as if it did not', async () => {
    expect(await send(request('GET', '/healthz'))).toMatchObject({ status: 200, body: '{"ok":true}' });
    expect(await send(request('GET', '/nowhere'))).toMatchObject({ status: 404 });
    expect(await send(request('GET', '/ws'))).toMatchObject({ status: 426 });
    expect(await send(request('PUT', '/rendezvous/code'))).toMatchObject({ status: 405, body: 'method not allowed\n' });
  });

  it('keeps its body', async () => {
    const minted = await send(request('POST', '/rendezvous/code', H2C, '{"ttl":600}'));
    expect(minted.status).toBe(200);
    const { code, appID } = JSON.parse(minted.body) as { code: string; appID: string };
    const redeemed = await send(request('POST', '/rendezvous/redeem', H2C, JSON.stringify({ code })));
    expect(redeemed.status).toBe(200);
    expect(JSON.parse(redeemed.body)).toMatchObject({ appID });
  });

  it('keeps a body that comes later, in pieces', async () => {
    const socket = await RawSocket.open({ port: server.port, tls });
    const body = JSON.stringify({ code: '00000000' });
    const whole = request('POST', '/rendezvous/redeem', H2C, body);
    const head = whole.slice(0, -body.length);
    for (const part of [head.slice(0, 20), head.slice(20), body.slice(0, 3), body.slice(3)]) await socket.write(part);
    expect(await socket.answer()).toMatchObject({ status: 410, body: 'gone\n' });
  });

  it('keeps a chunked body', async () => {
    const head = `POST /rendezvous/redeem HTTP/1.1\r\nHost: test\r\n${H2C}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
    expect(await send(`${head}8\r\n{"code":\r\nb\r\n"00000000"}\r\n0\r\n\r\n`)).toMatchObject({ status: 410 });
  });

  it('keeps its headers, and what CORS has to say to them', async () => {
    const withOrigin = `${H2C}Origin: https://app.example.org\r\n`;
    const { headers } = await send(request('POST', '/rendezvous/code', withOrigin, '{}'));
    expect(headers['access-control-allow-origin']).toBe('https://app.example.org');
  });

  it.each(['TLS/1.0', 'h2c, websocket', 'foo', '""'])('is answered whatever it offers: %s', async (upgrade) => {
    const { status } = await send(request('GET', '/healthz', `Connection: upgrade\r\nUpgrade: ${upgrade}\r\n`));
    expect(status).toBe(200);
  });

  it('does not become another request by what its headers hold', async () => {
    const sneaky = `${H2C}X-Note: é\u00ff\r\nX-Empty:\r\n`;
    expect(await send(request('GET', '/healthz', sneaky))).toMatchObject({ status: 200, body: '{"ok":true}' });
  });
});
