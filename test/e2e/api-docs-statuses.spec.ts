import { randomUUID } from 'node:crypto';
import { http, type OpenApi, pipelined, rawRequest } from '../support/raw-http.js';
import { type RunningApp, startApp } from '../support/start-app.js';
import { dropSockets, handshakeRequest, refusal, WsClient } from '../support/ws-client.js';

jest.setTimeout(60_000);

const UNKNOWN = { code: '00000000' };
const MINT = 'POST /rendezvous/code HTTP/1.1\r\nHost: test\r\n\r\n';

const redeem = (server: RunningApp) => http(server).post('/rendezvous/redeem');
const socket = (server: RunningApp, side = 'A', appID: string = randomUUID()) =>
  `${server.ws}/ws?appID=${appID}&side=${side}`;
const room = (server: RunningApp, name = 'lobby') => `${server.ws}/room/${name}/websocket`;
const join = (server: RunningApp, userid = 'u') =>
  http(server)
    .post('/join/a')
    .set('X-User-Claim', JSON.stringify({ userid, clientid: 'c' }));
const CLAIM = { 'X-User-Claim': '{"userid":"u","clientid":"c"}' };
const call = (server: RunningApp) => `${server.ws}/connect`;
const statusOf = async (answer: PromiseLike<{ status: number }>) => (await answer).status;

/** How to get an answer, on a server with these settings. */
interface Way {
  settings?: Record<string, string>;
  drive: (server: RunningApp) => Promise<number>;
}

/** What every path of WebSockets answers; the URL may be another one each time. */
function socketWays(path: string, urlOf: (server: RunningApp) => string): Record<string, Way> {
  const open = (server: RunningApp) => WsClient.open(urlOf(server));
  const refused = (server: RunningApp, origin?: string) => statusOf(refusal(urlOf(server), { origin }));
  const second = async (server: RunningApp) => {
    await open(server);
    return refused(server);
  };
  return {
    [`get ${path} 101`]: { drive: (server) => open(server).then(() => 101) },
    [`get ${path} 403`]: { settings: { DEV: 'false' }, drive: (server) => refused(server, 'https://evil.test') },
    [`get ${path} 426`]: {
      drive: (server) => statusOf(http(server).get(new URL(urlOf(server)).pathname)),
    },
    [`get ${path} 429`]: { settings: { MAX_CONNECTIONS_PER_ADDRESS: '1' }, drive: second },
    [`get ${path} 503`]: { settings: { MAX_CONNECTIONS: '1' }, drive: second },
  };
}

/** One way to every status that the document promises. */
const ways: Record<string, Way> = {
  'get /healthz 200': { drive: (server) => statusOf(http(server).get('/healthz')) },
  'get /readyz 200': { drive: (server) => statusOf(http(server).get('/readyz')) },
  'get /readyz 503': {
    settings: { MAX_CONNECTIONS: '1' },
    drive: async (server) => {
      await WsClient.open(socket(server));
      return statusOf(http(server).get('/readyz'));
    },
  },
  'get /metrics 200': { drive: (server) => statusOf(http(server).get('/metrics')) },
  'post /rendezvous/code 200': { drive: (server) => statusOf(http(server).post('/rendezvous/code')) },
  'post /rendezvous/code 429': {
    settings: { HTTP_RATE_PER_MIN: '1' },
    drive: async (server) => {
      await http(server).post('/rendezvous/code');
      return statusOf(http(server).post('/rendezvous/code'));
    },
  },
  'post /rendezvous/code 503': {
    settings: { CODE_MAX_DIGITS: '4' },
    drive: async (server) => (await pipelined(server.port, MINT, 10_001)).at(-1)!.status,
  },
  'post /rendezvous/redeem 200': {
    drive: async (server) =>
      statusOf(redeem(server).send((await http(server).post('/rendezvous/code')).body as object)),
  },
  'post /rendezvous/redeem 400': { drive: (server) => statusOf(redeem(server).send({})) },
  'post /rendezvous/redeem 410': { drive: (server) => statusOf(redeem(server).send(UNKNOWN)) },
  'post /rendezvous/redeem 413': {
    drive: (server) => statusOf(redeem(server).send({ ...UNKNOWN, padding: 'x'.repeat(1_000_000) })),
  },
  'post /rendezvous/redeem 415': { drive: (server) => statusOf(redeem(server).type('text/plain').send('x')) },
  'post /rendezvous/redeem 429': {
    settings: { REDEEM_FAILS_PER_MIN: '1' },
    drive: async (server) => {
      await redeem(server).send(UNKNOWN);
      return statusOf(redeem(server).send(UNKNOWN));
    },
  },
  ...socketWays('/ws', (server) => socket(server)),
  'get /ws 400': { drive: (server) => statusOf(refusal(socket(server, 'C'))) },
  ...socketWays('/sigver/{path}', ({ ws }) => `${ws}/sigver/${randomUUID()}`),
  'get /sigver/{path} 400': {
    drive: (server) =>
      statusOf(rawRequest(server, handshakeRequest('/sigver/x').replace('Version: 13', 'Version: 14'))),
  },
  'post /rendezvous/redeem 503': {
    settings: { REDIS_URL: 'redis://127.0.0.1:1' },
    drive: (server) => statusOf(redeem(server).send(UNKNOWN)),
  },
  'post /join/{conversationid} 200': { drive: (server) => statusOf(join(server)) },
  'post /join/{conversationid} 400': { drive: (server) => statusOf(join(server, '')) },
  'post /join/{conversationid} 401': { drive: (server) => statusOf(join(server, '..')) },
  'post /join/{conversationid} 404': { settings: { VOICE: 'off' }, drive: (server) => statusOf(join(server)) },
  'post /join/{conversationid} 429': {
    settings: { HTTP_RATE_PER_MIN: '1' },
    drive: async (server) => {
      await join(server);
      return statusOf(join(server));
    },
  },
  'post /join/{conversationid} 503': {
    settings: { PERMISSIONS_HOST: 'http://127.0.0.1:1' },
    drive: (server) => statusOf(join(server)),
  },
  'get /connect 101': {
    drive: async (server) => {
      await WsClient.open(call(server), { headers: CLAIM });
      return 101;
    },
  },
  'get /connect 400': { drive: (server) => statusOf(refusal(call(server))) },
  'get /connect 403': {
    settings: { DEV: 'false', PERMISSIONS_HOST: 'http://127.0.0.1:1' },
    drive: (server) => statusOf(refusal(call(server), { headers: CLAIM, origin: 'https://evil.test' })),
  },
  'get /connect 404': {
    settings: { VOICE: 'off' },
    drive: (server) => statusOf(refusal(call(server), { headers: CLAIM })),
  },
  'get /connect 426': { drive: (server) => statusOf(http(server).get('/connect')) },
  'get /connect 429': {
    settings: { MAX_CONNECTIONS_PER_ADDRESS: '1' },
    drive: async (server) => {
      await WsClient.open(call(server), { headers: CLAIM });
      return statusOf(refusal(call(server), { headers: CLAIM }));
    },
  },
  'get /connect 503': {
    settings: { MAX_CONNECTIONS: '1' },
    drive: async (server) => {
      await WsClient.open(call(server), { headers: CLAIM });
      return statusOf(refusal(call(server), { headers: CLAIM }));
    },
  },
  'get /room/{room}/websocket 101': {
    drive: async (server) => {
      await WsClient.open(room(server));
      return 101;
    },
  },
  'get /room/{room}/websocket 400': { drive: (server) => statusOf(refusal(room(server, 'a%20b'))) },
  'get /room/{room}/websocket 403': {
    settings: { DEV: 'false' },
    drive: (server) => statusOf(refusal(room(server), { origin: 'https://evil.test' })),
  },
  'get /room/{room}/websocket 426': {
    drive: (server) => statusOf(http(server).get(`/room/${'%61'.repeat(128)}/websocket`)),
  },
  'get /room/{room}/websocket 429': {
    settings: { MAX_CONNECTIONS_PER_ADDRESS: '1' },
    drive: async (server) => {
      await WsClient.open(room(server));
      return statusOf(refusal(room(server)));
    },
  },
  'get /room/{room}/websocket 503': {
    settings: { MAX_CONNECTIONS: '1' },
    drive: async (server) => {
      await WsClient.open(room(server));
      return statusOf(refusal(room(server)));
    },
  },
};

describe('the API document', () => {
  const documented = async (server: RunningApp) => {
    const { paths } = (await http(server).get('/docs-json').expect(200)).body as OpenApi;
    return Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { responses }]) =>
        Object.keys(responses).map((status) => `${method} ${path} ${status}`),
      ),
    );
  };

  let server: RunningApp | undefined;

  afterEach(async () => {
    dropSockets();
    await server?.close();
    server = undefined;
  });

  it('lists the answers that are shown here to occur, and no others', async () => {
    server = await startApp();
    const listed = await documented(server);
    expect(listed.sort()).toEqual(Object.keys(ways).sort());
  });

  it.each(Object.entries(ways))('is right: %s occurs', async (name, { settings = {}, drive }) => {
    server = await startApp(settings);
    expect(await drive(server)).toBe(Number(name.split(' ').at(-1)));
  });
});
