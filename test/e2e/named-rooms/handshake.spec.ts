import { FakeClock } from '../../support/fake-clock.js';
import { dropRawSockets, http, RawSocket, type Reply } from '../../support/raw-http.js';
import { RoomPeer } from '../../support/room-peer.js';
import { type RunningApp, startApp } from '../../support/start-app.js';
import { dropSockets, handshakeRequest, refusal } from '../../support/ws-client.js';

jest.setTimeout(60_000);

describe('the handshake of /room/:room/websocket', () => {
  let server: RunningApp;

  beforeAll(async () => {
    server = await startApp({}, new FakeClock());
  });
  afterEach(() => {
    dropSockets();
    dropRawSockets();
  });
  afterAll(async () => server.close());

  it.each([
    '',
    '%20',
    'a%20b',
    'a+b',
    'a%2Fb',
    'a%00',
    'a%0A',
    'caf%C3%A9',
    '%F0%9F%98%80',
    'a:b',
    'a@b',
    '*',
    '%25',
    'A'.repeat(129),
    '%41'.repeat(129),
  ])('refuses the room name "%s" with 400', async (name) => {
    const { status, body } = await refusal(`${server.ws}/room/${name}/websocket`);
    expect({ status, code: (JSON.parse(body) as { code: string }).code }).toEqual({
      status: 400,
      code: 'invalid_room',
    });
  });

  it.each(['%', '%zz', '%ff', '%C3'])('refuses the escape "%s" with 400', async (name) => {
    expect(await refusal(`${server.ws}/room/${name}/websocket`)).toMatchObject({ status: 400 });
  });

  it.each([
    '/room',
    '/room/a',
    '/room/a/b/websocket',
    '/room/a/websockets',
    '/rooms/a/websocket',
    '/room/a%2Fwebsocket',
  ])('knows no other path: %s', async (path) => {
    expect(await refusal(server.ws + path)).toMatchObject({ status: 404 });
  });

  it.each(['.', '..', '%2e%2E', '-', '%41'.repeat(128)])('takes the name "%s"', async (name) => {
    const socket = await RawSocket.open(server);
    await socket.write(handshakeRequest(`/room/${name}/websocket?any=query`));
    expect(await socket.answer({ toHead: true })).toMatchObject({ status: 101 });
  });

  it('takes a name that is written with escapes for the name that it means', async () => {
    const a = await RoomPeer.join(server.ws, 'lobby-1');
    const b = await RoomPeer.openAt(`${server.ws}/room/%6Cobby%2D1/websocket/`, 'lobby-1');
    b.register();
    await a.sees(b);
  });

  it('writes nothing before it has been spoken to', async () => {
    const peer = await RoomPeer.open(server.ws, 'silent');
    await peer.client.settled();
    expect(peer.frames).toEqual([]);
  });

  it('answers a plain request with 426', async () => {
    const { status, headers, body } = (await http(server).get('/room/lobby/websocket')) as Reply;
    expect({ status, upgrade: headers['upgrade'] }).toEqual({ status: 426, upgrade: 'websocket' });
    expect(body).toMatchObject({ code: 'upgrade_required' });
  });
});
