import { randomUUID } from 'node:crypto';
import { FakeClock } from '../../support/fake-clock.js';
import { dropRawSockets, RawSocket } from '../../support/raw-http.js';
import { type RunningApp, startApp } from '../../support/start-app.js';
import { dropSockets, handshakeRequest, refusal, WsClient } from '../../support/ws-client.js';
import { join, ROOM_FULL, type Side, wsUrl } from './peers.js';

jest.setTimeout(30_000);

const UUID = '0f8fad5b-d9cb-469f-a165-70867728950e';
const EVIL = 'https://evil.test';

describe('the handshake of /ws', () => {
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
    'room-1',
    UUID.slice(1),
    `${UUID}0`,
    `x${UUID}`,
    UUID.replaceAll('-', '_'),
    `{${UUID}`,
    `urn:uuid:${UUID.replaceAll('-', '')}`,
    `${UUID.slice(0, -1)}g`,
    ` ${UUID}`,
    `{${UUID.replaceAll('-', '')}}`,
    '0f8fad5bd-9cb-469f-a165-70867728950e',
  ])('refuses the appID "%s" with 400 invalid appID', async (appID) => {
    const { status, body, headers } = await refusal(wsUrl(server, appID, 'A'));
    expect({ status, body }).toEqual({ status: 400, body: 'invalid appID\n' });
    expect(headers['content-type']).toMatch(/^text\/plain/);
  });

  it.each(['', 'a', 'b', 'C', 'AB', 'A ', '1', 'left'])('refuses the side "%s" with 400 invalid side', async (side) => {
    const { status, body } = await refusal(wsUrl(server, UUID, encodeURIComponent(side)));
    expect({ status, body }).toEqual({ status: 400, body: 'invalid side\n' });
  });

  it('refuses a handshake without appID, and one without side', async () => {
    expect(await refusal(`${server.ws}/ws?side=A`)).toMatchObject({ status: 400, body: 'invalid appID\n' });
    expect(await refusal(`${server.ws}/ws`)).toMatchObject({ status: 400, body: 'invalid appID\n' });
    expect(await refusal(`${server.ws}/ws?appID=${UUID}`)).toMatchObject({ status: 400, body: 'invalid side\n' });
  });

  it.each([
    ['in upper case', UUID.toUpperCase()],
    ['in mixed case', UUID.replace('fad', 'FaD')],
    ['as 32 digits', UUID.replaceAll('-', '')],
    ['as 32 digits in upper case', UUID.replaceAll('-', '').toUpperCase()],
    ['as a URN', `urn:uuid:${UUID}`],
    ['as a URN in upper case', `URN:UUID:${UUID.toUpperCase()}`],
    ['in braces', `{${UUID}}`],
  ])('takes a UUID %s for the same room', async (_form, appID) => {
    const b = await join(server, UUID, 'B');
    const a = await join(server, appID, 'A');
    a.send('{"type":"offer"}');
    b.send('{"type":"answer"}');
    await Promise.all([a.settled(), b.settled()]);
    expect([a.frames, b.frames]).toEqual([
      [ROOM_FULL, '{"type":"answer"}'],
      [ROOM_FULL, '{"type":"offer"}'],
    ]);
    await Promise.all([a.close(), b.close()]);
  });

  it('takes any UUID, not only those that came from a code', async () => {
    await join(server, '00000000-0000-0000-0000-000000000000', 'A');
    await join(server, 'ffffffff-ffff-ffff-ffff-ffffffffffff', 'A');
  });

  it('takes /ws/ for /ws', async () => {
    const a = await join(server, UUID, 'A');
    await WsClient.open(`${server.ws}/ws/?appID=${UUID}&side=B`);
    a.send({ type: 'hello' });
    await a.settled();
    expect(a.frames).toEqual([ROOM_FULL]);
  });

  it('does not look at sid to tell rooms apart, whatever it is', async () => {
    const room = randomUUID();
    const a = await join(server, room, 'A', '&sid=first');
    const b = await join(server, room, 'B', '&sid=');
    a.send({ type: 'hello' });
    b.send({ type: 'hello' });
    await Promise.all([a.settled(), b.settled()]);
    expect([a.frames, b.frames]).toEqual([[ROOM_FULL], [ROOM_FULL]]);
  });

  it('takes the parameters in any order, with others among them', async () => {
    const a = await WsClient.open(`${server.ws}/ws?x=1&side=A&sid=&y&appID=${UUID}`);
    await join(server, UUID, 'B');
    a.send({ type: 'hello' });
    await a.settled();
    expect(a.frames).toEqual([ROOM_FULL]);
  });

  it.each([
    ['permessage-deflate; client_max_window_bits', 'chat, superchat'],
    [';;=', 'chat,,chat'],
  ])('accepts no compression and no subprotocol, however they are offered: %s / %s', async (extensions, protocols) => {
    const socket = await RawSocket.open(server);
    const offers = [`Sec-WebSocket-Extensions: ${extensions}`, `Sec-WebSocket-Protocol: ${protocols}`];
    await socket.write(handshakeRequest(`/ws?appID=${randomUUID()}&side=A`, ...offers));
    const { status, headers } = await socket.answer();
    expect(status).toBe(101);
    expect(headers).not.toHaveProperty('sec-websocket-extensions');
    expect(headers).not.toHaveProperty('sec-websocket-protocol');
  });
});

// Each handshake is wrong in all the ways of those below it as well: the answer says which check came first.
describe('the order of the checks of /ws', () => {
  let server: RunningApp;
  const clock = new FakeClock();

  beforeAll(async () => {
    server = await startApp({ DEV: 'false', CORS_ORIGINS: 'https://app.example.org', WS_RATE_PER_MIN: '2' }, clock);
    for (const side of ['A', 'B'] as Side[]) await join(server, UUID, side); // the rate is used up
  });
  afterAll(async () => {
    dropSockets();
    await server.close();
  });

  it('is appID, ', async () => {
    expect(await refusal(wsUrl(server, 'x', 'x'), { origin: EVIL })).toMatchObject({
      status: 400,
      body: 'invalid appID\n',
    });
  });

  it('then side,', async () => {
    expect(await refusal(wsUrl(server, UUID, 'x'), { origin: EVIL })).toMatchObject({
      status: 400,
      body: 'invalid side\n',
    });
  });

  it('then the origin,', async () => {
    expect(await refusal(wsUrl(server, UUID, 'A'), { origin: EVIL })).toMatchObject({
      status: 403,
      body: 'forbidden origin\n',
    });
  });

  it('then the rate; and what was refused before did not count', async () => {
    const { status, headers } = await refusal(wsUrl(server, UUID, 'A'));
    expect({ status, retryAfter: headers['retry-after'] }).toEqual({ status: 429, retryAfter: '60' });
    clock.advance(60_000);
    await refusal(wsUrl(server, 'x', 'A'));
    await refusal(wsUrl(server, UUID, 'x'));
    await refusal(wsUrl(server, UUID, 'A'), { origin: EVIL });
    await join(server, randomUUID(), 'A');
    await join(server, randomUUID(), 'A');
    expect(await refusal(wsUrl(server, UUID, 'A'))).toMatchObject({ status: 429 });
  });
});
