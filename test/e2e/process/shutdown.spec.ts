import { randomUUID } from 'node:crypto';
import { eventually } from '../../support/eventually.js';
import { dropRawSockets, http, RawSocket } from '../../support/raw-http.js';
import { killServers, ServerProcess } from '../../support/server-process.js';
import { dropSockets, handshakeRequest, passed, refusal, WsClient } from '../../support/ws-client.js';

jest.setTimeout(120_000);

const TEN_SECONDS_MS = 10_000;

const url = (server: ServerProcess, side: string, room: string = randomUUID()) =>
  `${server.ws}/ws?appID=${room}&side=${side}`;

/** How long it takes from the signal to the end, in ms; it must end with 0. */
async function stopped(server: ServerProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<number> {
  const began = Date.now();
  server.signal(signal);
  expect(await server.exit()).toBe(0);
  return Date.now() - began;
}

afterEach(async () => {
  dropSockets();
  dropRawSockets();
  await killServers();
});

describe('on SIGTERM', () => {
  it('readiness goes first: 503 while /healthz is 200, codes are minted and open sockets relay', async () => {
    const server = await ServerProcess.start({ DRAIN_DELAY: '3s' });
    const room = randomUUID();
    const a = await WsClient.open(url(server, 'A', room));
    const b = await WsClient.open(url(server, 'B', room));
    const ended = stopped(server);
    await eventually(() => http(server).get('/readyz').expect(503));
    await http(server).get('/healthz').expect(200, '{"ok":true}');
    await http(server).post('/rendezvous/code').expect(200);
    a.send('{"type":"offer"}');
    b.send({ type: 'hello' });
    await passed(a, b);
    expect(b.frames).toContain('{"type":"offer"}');
    const late = await WsClient.open(url(server, 'A')); // a load balancer that has not noticed yet
    expect([a.closed, b.closed, late.closed]).toEqual([undefined, undefined, undefined]);

    const closings = await Promise.all([a, b, late].map((client) => client.end()));
    expect(closings.map(({ code }) => code)).toEqual([1001, 1001, 1001]);
    expect(await ended).toBeLessThan(TEN_SECONDS_MS);
  });

  it('every socket is closed with 1001, and the process ends with 0 inside ten seconds, complaining of nothing', async () => {
    const server = await ServerProcess.start({ DRAIN_DELAY: '0s' });
    const room = randomUUID();
    const holder = await WsClient.open(url(server, 'A', room));
    holder.send({ type: 'hello' }, ...Array.from({ length: 1000 }, (_, n) => ({ type: 'send', to: 'B', payload: n })));
    await holder.settled();
    const others = await Promise.all(Array.from({ length: 300 }, () => WsClient.open(url(server, 'A'))));
    const newcomer = await WsClient.open(url(server, 'A', room)); // waits for a side that is held
    const ended = stopped(server);
    server.signal('SIGTERM'); // once more: changes nothing
    const codes = await Promise.all([holder, newcomer, ...others].map(async (client) => (await client.end()).code));
    expect(new Set(codes)).toEqual(new Set([1001]));
    expect(await ended).toBeLessThan(TEN_SECONDS_MS);
    expect(server.stderr).toBe('');
    expect(server.stdout).toMatch(/draining[^]*drained/);
  });

  it('handshakes are refused with 503 once sockets are being closed', async () => {
    const server = await ServerProcess.start({ DRAIN_DELAY: '0s' });
    const hung = await hangingSocket(server); // keeps the server waiting for a moment
    const ended = stopped(server);
    await eventually(() => expect(hung.received.lastIndexOf(0x88)).toBeGreaterThan(0), { interval: 5 });
    const { status, headers, body } = await refusal(url(server, 'A'));
    expect(status).toBe(503);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(JSON.parse(body)).toMatchObject({ statusCode: 503, code: 'draining' });
    await ended;
  });

  it('clients that hang do not keep it: sockets that answer nothing, requests half sent, idle connections', async () => {
    const server = await ServerProcess.start();
    for (let i = 0; i < 5; i++) (await hangingSocket(server)).pause();
    const paused = await WsClient.open(url(server, 'A'));
    paused.ws.pause();
    const half = [
      'GET /healthz HTTP/1.1\r\nHost:',
      'POST /rendezvous/redeem HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{',
    ];
    for (const bytes of half) await (await RawSocket.open(server)).write(bytes);
    await RawSocket.open(server);
    const idle = await RawSocket.open(server);
    await idle.write('GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n');
    await idle.answer();
    expect(await stopped(server)).toBeLessThan(TEN_SECONDS_MS);
  });
});

describe('on SIGINT', () => {
  it('it ends in the same way; with nobody there, within the drain delay and little more', async () => {
    const server = await ServerProcess.start({ DRAIN_DELAY: '0s' });
    expect(await stopped(server, 'SIGINT')).toBeLessThan(3_000);
    expect(server.stderr).toBe('');
  });
});

/** An open WebSocket of a client that answers nothing any more, pings and closing included. */
async function hangingSocket(server: ServerProcess): Promise<RawSocket> {
  const socket = await RawSocket.open(server);
  await socket.write(handshakeRequest(`/ws?appID=${randomUUID()}&side=A`));
  await socket.answer();
  return socket;
}
