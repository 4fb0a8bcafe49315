import { randomUUID } from 'node:crypto';
import { eventually } from '../../support/eventually.js';
import { FakeClock } from '../../support/fake-clock.js';
import { type RunningApp, startApp } from '../../support/start-app.js';
import { dropSockets, refusal, WsClient } from '../../support/ws-client.js';

jest.setTimeout(30_000);

const ICE = '{"type":"ice","cand":null}';

let server: RunningApp;
let clock: FakeClock;

const start = async (settings: Record<string, string>) => {
  clock = new FakeClock();
  server = await startApp({ HEARTBEAT: '1h', ...settings }, clock);
};
const url = (side = 'A', room: string = randomUUID()) => `${server.ws}/ws?appID=${room}&side=${side}`;
const open = (forwarded?: string) =>
  WsClient.open(url(), forwarded ? { headers: { 'X-Forwarded-For': forwarded } } : {});
const refused = (forwarded?: string) => refusal(url(), forwarded ? { headers: { 'X-Forwarded-For': forwarded } } : {});

afterEach(async () => {
  dropSockets();
  await server.close();
});

describe('WS_FRAMES_PER_SEC', () => {
  it('closes a socket with 4002 that sends more in a second', async () => {
    await start({ WS_FRAMES_PER_SEC: '5' });
    const client = await open();
    client.send(ICE, ICE, ICE, ICE, ICE);
    await client.settled();
    expect(client.closed).toBeUndefined();
    client.send(ICE);
    expect(await client.end()).toMatchObject({ code: 4002 });
  });

  it('counts every second anew', async () => {
    await start({ WS_FRAMES_PER_SEC: '5' });
    const client = await open();
    for (let second = 0; second < 5; second++) {
      client.send(ICE, ICE, ICE, ICE, ICE);
      await client.settled();
      clock.advance(1000);
    }
    expect(client.closed).toBeUndefined();
  });

  it('does not pass on the frame that was too many, nor those behind it', async () => {
    await start({ WS_FRAMES_PER_SEC: '3' });
    const room = randomUUID();
    const [a, b] = [await WsClient.open(url('A', room)), await WsClient.open(url('B', room))];
    b.send({ type: 'hello' });
    await b.settled();
    a.send(...[1, 2, 3, 4, 5, 6].map((n) => ({ type: 'ice', n })));
    await a.end();
    await b.settled();
    expect(b.frames).toEqual(['{"type":"room_full"}', ...[1, 2, 3].map((n) => `{"type":"ice","n":${n}}`)]);
    expect(b.closed).toBeUndefined();
  });

  it('is off when nobody sets it', async () => {
    await start({});
    const client = await open();
    for (let n = 0; n < 5_000; n++) client.send(ICE);
    await client.settled();
    expect(client.closed).toBeUndefined();
  });
});

describe('MAX_CONNECTIONS', () => {
  it('refuses the next handshake with 503 and Retry-After, until one leaves', async () => {
    await start({ MAX_CONNECTIONS: '3' });
    const clients = [await open(), await open(), await open()];
    const { status, headers, body } = await refused();
    expect(status).toBe(503);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(JSON.parse(body)).toMatchObject({ statusCode: 503, code: 'over_capacity' });
    clients[0]!.terminate();
    await eventually(() => open());
    expect(clients.slice(1).map(({ closed }) => closed)).toEqual([undefined, undefined]);
  });

  it('lets no more in when they come at once', async () => {
    await start({ MAX_CONNECTIONS: '10' });
    const tries = await Promise.allSettled(Array.from({ length: 50 }, () => open()));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  });

  it('comes behind what is wrong with the handshake: 400 stays 400', async () => {
    await start({ MAX_CONNECTIONS: '1' });
    await open();
    expect(await refusal(`${server.ws}/ws?appID=x&side=A`)).toMatchObject({ status: 400 });
  });
});

describe('MAX_CONNECTIONS_PER_ADDRESS', () => {
  it('refuses the next handshake of that address with 429, and nobody else', async () => {
    await start({ MAX_CONNECTIONS_PER_ADDRESS: '2', TRUST_PROXY: 'loopback' });
    const first = await open('203.0.113.1');
    await open('203.0.113.1');
    const { status, headers, body } = await refused('203.0.113.1');
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(JSON.parse(body)).toMatchObject({ code: 'too_many_connections' });
    await open('203.0.113.2');
    await first.close();
    await eventually(() => open('203.0.113.1'));
    await refused('203.0.113.1');
  });

  it('counts a /64 of IPv6 as one address', async () => {
    await start({ MAX_CONNECTIONS_PER_ADDRESS: '1', TRUST_PROXY: 'loopback' });
    await open('2001:db8::1');
    expect(await refused('2001:db8::ffff:2')).toMatchObject({ status: 429 });
    await open('2001:db8:0:1::1');
  });

  it('gives a place back however the socket ended', async () => {
    await start({ MAX_CONNECTIONS_PER_ADDRESS: '1', WS_BAD_FRAMES_PER_MIN: '1' });
    for (const end of ['close', 'terminate', 'refused frames'] as const) {
      const client = await eventually(() => open());
      if (end === 'close') await client.close();
      else if (end === 'terminate') client.terminate();
      else client.send('x', 'x');
      await client.end();
    }
    await eventually(() => open());
  });

  it('is off when nobody sets it', async () => {
    await start({});
    await Promise.all(Array.from({ length: 100 }, () => open()));
  });
});

describe('WS_RATE_PER_MIN', () => {
  it('refuses handshakes beyond it with 429 and Retry-After, for the rest of the minute', async () => {
    await start({ WS_RATE_PER_MIN: '3' });
    for (let i = 0; i < 3; i++) await (await open()).close();
    clock.advance(40_000);
    const { status, headers } = await refused();
    expect({ status, retryAfter: headers['retry-after'] }).toEqual({ status: 429, retryAfter: '20' });
    clock.advance(20_000);
    await open();
  });

  it('counts every address on its own', async () => {
    await start({ WS_RATE_PER_MIN: '1', TRUST_PROXY: 'loopback' });
    await open('203.0.113.1');
    expect(await refused('203.0.113.1')).toMatchObject({ status: 429 });
    await open('203.0.113.2');
  });

  it('lets no more in when they come at once', async () => {
    await start({ WS_RATE_PER_MIN: '5' });
    const tries = await Promise.allSettled(Array.from({ length: 30 }, () => open()));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });
});

describe('origins on /ws with DEV=false', () => {
  const from = (origin?: string) =>
    refusal(url(), origin === undefined ? {} : { origin }).then(
      ({ status, body }) => `${status} ${body.trim()}`,
      () => 'open',
    );

  it('may be absent, equal an entry, or have their host name as an entry; else 403', async () => {
    await start({ DEV: 'false', CORS_ORIGINS: 'https://app.example.org, host.example' });
    for (const origin of [undefined, 'https://APP.example.org', 'http://host.example:3000', 'https://HOST.example']) {
      expect(await from(origin)).toBe('open');
    }
    for (const origin of [
      'http://app.example.org',
      'https://app.example.org:444',
      'https://x.host.example',
      'null',
      'host.example.evil',
    ]) {
      expect({ origin, answer: await from(origin) }).toEqual({ origin, answer: '403 forbidden origin' });
    }
  });

  it.each(['', '*'])('are all refused with the list "%s", except an absent one', async (corsOrigins) => {
    await start({ DEV: 'false', CORS_ORIGINS: corsOrigins });
    expect(await from('https://app.example.org')).toBe('403 forbidden origin');
    expect(await from('*')).toBe('403 forbidden origin');
    expect(await from()).toBe('open');
  });

  it('are all welcome with DEV=true', async () => {
    await start({ DEV: 'true' });
    expect(await from('https://anything.example')).toBe('open');
  });
});
