import { randomUUID } from 'node:crypto';
import type { ClientOptions } from 'ws';
import { eventually } from '../../support/eventually.js';
import { FakeClock } from '../../support/fake-clock.js';
import { dropRawSockets, http, RawSocket } from '../../support/raw-http.js';
import { type RunningApp, startApp } from '../../support/start-app.js';
import { dropSockets, handshakeRequest, WsClient } from '../../support/ws-client.js';

jest.setTimeout(30_000);

const HEARTBEAT_MS = 20_000;

describe('the heartbeat', () => {
  let server: RunningApp;
  const clock = new FakeClock();

  beforeAll(async () => {
    server = await startApp({}, clock);
  });
  afterEach(async () => {
    dropSockets();
    dropRawSockets();
    await eventually(async () => expect(await metric('signalbox_ws_open')).toBe(0));
  });
  afterAll(async () => server.close());

  const metric = async (name: string) => {
    const { text } = await http(server).get('/metrics');
    return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1] ?? NaN);
  };
  const open = (options: ClientOptions = {}) => WsClient.open(`${server.ws}/ws?appID=${randomUUID()}&side=A`, options);
  const beat = async (...clients: WsClient[]) => {
    const before = clients.map(({ pings }) => pings);
    clock.advance(HEARTBEAT_MS);
    await eventually(() => expect(clients.every(({ pings, closed }, i) => closed ?? pings > before[i]!)).toBeTruthy());
    for (const client of clients) await client.settled();
  };

  it('pings every HEARTBEAT, 20 s, and not before', async () => {
    const client = await open();
    clock.advance(HEARTBEAT_MS - 1);
    await client.settled();
    expect(client.pings).toBe(0);
    clock.advance(1);
    await eventually(() => expect(client.pings).toBe(1));
    await client.settled();
    await beat(client);
    expect(client.pings).toBe(2);
  });

  it('leaves a socket alone that answers, however long it says nothing', async () => {
    const client = await open();
    for (let i = 0; i < 20; i++) await beat(client);
    expect([client.closed, client.pings]).toEqual([undefined, 20]);
  });

  it('closes a socket with 4001 that answers no ping until the next one is due', async () => {
    const mute = await open({ autoPong: false });
    const live = await open();
    await beat(mute, live);
    clock.advance(HEARTBEAT_MS - 1);
    await live.settled();
    expect(mute.closed).toBeUndefined();
    clock.advance(1);
    expect(await mute.end()).toMatchObject({ code: 4001 });
    await live.settled();
    expect(live.closed).toBeUndefined();
  });

  it('does not count an answer that nobody asked for', async () => {
    const mute = await open({ autoPong: false });
    mute.ws.pong();
    await mute.settled();
    await beat(mute);
    clock.advance(HEARTBEAT_MS);
    expect(await mute.end()).toMatchObject({ code: 4001 });
  });

  it('cuts a socket that does not answer the closing either, and frees its side', async () => {
    const room = randomUUID();
    const dead = await RawSocket.open(server);
    await dead.write(handshakeRequest(`/ws?appID=${room}&side=A`));
    await dead.answer();
    clock.advance(HEARTBEAT_MS);
    await eventually(() => expect(dead.received.lastIndexOf(0x89)).toBeGreaterThan(0)); // the ping has arrived
    clock.advance(HEARTBEAT_MS);
    await eventually(() => dead.ended);
    await eventually(async () => expect(await metric('signalbox_ws_open')).toBe(0));
    const next = await WsClient.open(`${server.ws}/ws?appID=${room}&side=A`);
    await next.settled();
    expect(next.closed).toBeUndefined();
  });

  it('observes the round trip of each ping once', async () => {
    const before = await metric('nt_ws_rtt_seconds_count');
    const client = await open();
    await beat(client);
    client.ws.pong();
    client.ws.pong();
    await client.settled();
    await beat(client);
    expect(await metric('nt_ws_rtt_seconds_count')).toBe(before + 2);
  });

  it('observes how long it took', async () => {
    const before = await metric('nt_ws_rtt_seconds_sum');
    const client = await open({ autoPong: false });
    clock.advance(HEARTBEAT_MS);
    await eventually(() => expect(client.pings).toBe(1));
    clock.advance(1_500);
    client.ws.pong();
    await client.settled();
    expect((await metric('nt_ws_rtt_seconds_sum')) - before).toBeCloseTo(1.5);
  });
});

describe('the spelling', () => {
  let server: RunningApp;

  afterEach(async () => {
    dropSockets();
    await server.close();
  });

  it.each([
    ['HEARTBEAT', { HEARTBEAT: '1s' }],
    ['WS_HEARTBEAT, which wins', { HEARTBEAT: '1h', WS_HEARTBEAT: '1s' }],
  ])('%s sets it', async (_name, settings) => {
    const clock = new FakeClock();
    server = await startApp(settings, clock);
    const client = await WsClient.open(`${server.ws}/ws?appID=${randomUUID()}&side=A`);
    clock.advance(1000);
    await eventually(() => expect(client.pings).toBe(1));
  });
});
