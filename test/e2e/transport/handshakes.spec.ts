import { randomUUID } from 'node:crypto';
import { eventually } from '../../support/eventually.js';
import {
  dropRawSockets,
  http,
  RawSocket,
  rawRequest,
  type Reply,
  undocumentedAnswers,
} from '../../support/raw-http.js';
import { type RunningApp, startApp } from '../../support/start-app.js';
import { dropSockets, handshakeRequest, refusal, WsClient } from '../../support/ws-client.js';

jest.setTimeout(60_000);

describe('a handshake', () => {
  let server: RunningApp;

  beforeAll(async () => {
    server = await startApp();
  });
  afterEach(() => {
    dropSockets();
    dropRawSockets();
  });
  afterAll(async () => server.close());

  const target = (room: string = randomUUID()) => `/ws?appID=${room}&side=A`;
  const good = () => handshakeRequest(target());
  it('that is right is answered 101', async () => {
    const socket = await RawSocket.open(server);
    await socket.write(good());
    const { status, headers } = await socket.answer();
    expect({ status, upgrade: headers['upgrade'], connection: headers['connection'] }).toEqual({
      status: 101,
      upgrade: 'websocket',
      connection: 'Upgrade',
    });
  });

  it.each([
    ['no key', (request: string) => request.replace(/Sec-WebSocket-Key.*\r\n/, '')],
    ['an empty key', (request: string) => request.replace(/(Sec-WebSocket-Key:).*\r\n/, '$1\r\n')],
    ['a key that is too short', (request: string) => request.replace(/(Sec-WebSocket-Key: )..../, '$1')],
    ['a key that is no Base64', (request: string) => request.replace(/(Sec-WebSocket-Key: )./, '$1!')],
    ['no version', (request: string) => request.replace(/Sec-WebSocket-Version.*\r\n/, '')],
    ['an unknown version', (request: string) => request.replace('Version: 13', 'Version: 14')],
    ['the method POST', (request: string) => request.replace('GET', 'POST')],
  ])('with %s is answered 400 and JSON', async (_what, spoil) => {
    const { status, body, headers } = await rawRequest(server, spoil(good()));
    expect({ status, connection: headers['connection'] }).toEqual({ status: 400, connection: 'close' });
    expect(JSON.parse(body)).toMatchObject({ statusCode: 400, code: 'bad_handshake' });
  });

  it('of an unknown version is told which are known', async () => {
    const { headers } = await rawRequest(server, good().replace('Version: 13', 'Version: 14'));
    expect(headers['sec-websocket-version']).toMatch(/\b13\b/);
  });

  it('that is none is answered 426: a plain GET, with and without the right parameters', async () => {
    for (const path of ['/ws', target(), '/ws?appID=x']) {
      const { status, headers, body } = (await http(server).get(path)) as Reply;
      expect({ status, upgrade: headers['upgrade'] }).toEqual({ status: 426, upgrade: 'websocket' });
      expect(body).toMatchObject({ statusCode: 426, code: 'upgrade_required' });
    }
  });

  it('may name the whole URL, as to a proxy', async () => {
    const { status } = await rawRequest(server, good().replace('GET /', 'GET http://test/'));
    expect(status).toBe(101);
  });

  it('of another method without an upgrade is answered 405', async () => {
    await http(server).post('/ws').expect(405);
  });

  it.each([
    '/',
    '/wss',
    '/ws/x',
    '/WS',
    '//ws',
    '/ws%20',
    '/healthz',
    '/rendezvous/code',
    '/metrics',
    '/socket.io/?EIO=4',
  ])('on %s, which is no WebSocket, is answered 404', async (path) => {
    const { status, body } = await refusal(
      `${server.ws}${path}${path.includes('?') ? '&' : '?'}appID=${randomUUID()}&side=A`,
    );
    expect(status).toBe(404);
    expect(JSON.parse(body)).toMatchObject({ statusCode: 404, code: 'not_found' });
  });

  it.each(['/%', '/%zz', '/ws%', '/room/%ff/websocket'])(
    'on %s, which cannot be decoded, is refused and harms nobody',
    async (path) => {
      const { status } = await rawRequest(server, handshakeRequest(path));
      expect([400, 404]).toContain(status);
      await http(server).get('/healthz').expect(200);
    },
  );

  it('with the upgrade in another case, and among other tokens, is one', async () => {
    for (const spell of [
      (request: string) => request.replace('Upgrade: websocket', 'upgrade: WebSocket'),
      (request: string) => request.replace('Connection: Upgrade', 'Connection: keep-alive, Upgrade'),
    ]) {
      const socket = await RawSocket.open(server);
      await socket.write(spell(good()));
      expect(await socket.answer()).toMatchObject({ status: 101 });
    }
  });

  it('that is refused ends its connection', async () => {
    const socket = await RawSocket.open(server);
    await socket.write(handshakeRequest('/nowhere'));
    await eventually(() => socket.ended);
  });

  it('answers nothing that the API document does not list', async () => {
    expect(await undocumentedAnswers(server)).toEqual([]);
  });
});

describe('handshakes that are broken off', () => {
  let server: RunningApp;

  beforeAll(async () => {
    // With a rate there is something to wait for between the request and the answer.
    server = await startApp({ WS_RATE_PER_MIN: '1000000', MAX_CONNECTIONS_PER_ADDRESS: '20' });
  });
  afterEach(() => {
    dropSockets();
    dropRawSockets();
  });
  afterAll(async () => server.close());

  const gone = async () => {
    await eventually(async () => {
      const { text } = await http(server).get('/metrics');
      for (const name of ['signalbox_ws_open', 'nt_peers_active', 'nt_rooms_active']) {
        expect(text.split('\n')).toContain(`${name} 0`);
      }
    });
  };

  it.each([
    ['reset with the request', (socket: RawSocket) => socket.reset()],
    ['closed with the request', (socket: RawSocket) => socket.destroy()],
  ])('leave nothing behind: 200 that are %s', async (_what, end) => {
    const room = randomUUID();
    for (let i = 0; i < 200; i++) {
      const socket = await RawSocket.open(server);
      const written = socket.write(handshakeRequest(`/ws?appID=${room}&side=A`));
      if (i % 2 === 0) await written; // half of them get as far as the server for certain
      end(socket);
    }
    await gone();
    const a = await WsClient.open(`${server.ws}/ws?appID=${room}&side=A`);
    await a.settled();
    expect(a.closed).toBeUndefined();
  });

  it('leave nothing behind when they are refused', async () => {
    for (let i = 0; i < 50; i++) await refusal(`${server.ws}/ws?appID=x&side=A`);
    for (let i = 0; i < 50; i++)
      await rawRequest(server, handshakeRequest(`/ws?appID=${randomUUID()}&side=A`).replace(/-Key: ..../, '-Key: '));
    await gone();
  });

  it('leave nothing behind half-way through the request', async () => {
    const request = handshakeRequest(`/ws?appID=${randomUUID()}&side=A`);
    for (let length = 1; length < request.length; length += 11) {
      const socket = await RawSocket.open(server);
      await socket.write(request.slice(0, length));
      socket.reset();
    }
    await gone();
  });
});
