import { http, type Reply } from '../support/raw-http.js';
import { type RunningApp, startApp } from '../support/start-app.js';

jest.setTimeout(30_000);

const PAGE = 'https://app.example.org';
const CODE = '/rendezvous/code';
const REDEEM = '/rendezvous/redeem';
const ALLOW_ORIGIN = 'access-control-allow-origin';

/** The question a browser asks before it redeems: JSON as a content type is what forces it to ask. */
const preflight = (server: RunningApp, path: string, origin: string) =>
  http(server)
    .options(path)
    .set({ Origin: origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type' });

const listOf = (header: unknown) =>
  String(header)
    .toLowerCase()
    .split(/\s*,\s*/);

describe('a browser on another origin', () => {
  let server: RunningApp;

  beforeAll(async () => {
    server = await startApp({ HTTP_RATE_PER_MIN: '60', REDEEM_FAILS_PER_MIN: '1' });
  });
  afterAll(async () => server.close());

  it.each([CODE, REDEEM])('may ask before it posts to %s, and is told 204, POST and content-type', async (path) => {
    const { status, text, headers } = await preflight(server, path, PAGE);
    expect({ status, text }).toEqual({ status: 204, text: '' });
    expect(headers[ALLOW_ORIGIN]).toBe(PAGE);
    expect(listOf(headers['access-control-allow-methods'])).toContain('post');
    expect(listOf(headers['access-control-allow-headers'])).toContain('content-type');
    expect(headers['vary']).toMatch(/origin/i);
  });

  it('may send an Idempotency-Key, and read Retry-After', async () => {
    const { headers } = await preflight(server, REDEEM, PAGE);
    expect(listOf(headers['access-control-allow-headers'])).toContain('idempotency-key');
    const { headers: answered } = await http(server).post(CODE).set('Origin', PAGE);
    expect(listOf(answered['access-control-expose-headers'])).toContain('retry-after');
  });

  it('mints and redeems', async () => {
    const { body, headers } = (await http(server).post(CODE).set('Origin', PAGE).expect(200)) as Reply;
    expect(headers[ALLOW_ORIGIN]).toBe(PAGE);
    const { headers: redeemed } = await http(server)
      .post(REDEEM)
      .set('Origin', PAGE)
      .send(body as object)
      .expect(200);
    expect(redeemed[ALLOW_ORIGIN]).toBe(PAGE);
  });

  it('may read every error: 400, 404, 405, 410, 415 and both kinds of 429', async () => {
    const post = (path: string, body: object | string, type = 'application/json') =>
      http(server).post(path).set('Origin', PAGE).type(type).send(body);
    const unknown = { code: '00000000' };
    const answers = [
      await post(REDEEM, '{'),
      await post('/nowhere', {}),
      await http(server).put(REDEEM).set('Origin', PAGE),
      await post(REDEEM, unknown),
      await post(REDEEM, 'x', 'text/plain'),
      await post(REDEEM, unknown),
    ];
    expect(answers.map(({ status }) => status)).toEqual([400, 404, 405, 410, 415, 429]);
    while (answers.at(-1)!.status !== 429 || answers.at(-1)!.text !== 'rate limit\n')
      answers.push(await post(CODE, {}));
    expect(answers.map(({ headers }) => headers[ALLOW_ORIGIN] as string)).toEqual(answers.map(() => PAGE));
  });

  it('may read that a path cannot be decoded: 400', async () => {
    const { headers } = await http(server).get('/%zz').set('Origin', PAGE).expect(400);
    expect(headers[ALLOW_ORIGIN]).toBe(PAGE);
  });

  it('may read the answer to a plain GET on the WebSocket: 426', async () => {
    const { headers } = await http(server).get('/ws').set('Origin', PAGE).expect(426);
    expect(headers[ALLOW_ORIGIN]).toBe(PAGE);
  });
});

describe('an OPTIONS that is no preflight', () => {
  let server: RunningApp;

  beforeAll(async () => {
    server = await startApp();
  });
  afterAll(async () => server.close());

  const headers: Record<string, string>[] = [
    {},
    { Origin: PAGE },
    { 'Access-Control-Request-Method': 'POST' },
    { 'Content-Type': 'application/json' },
  ];
  it.each(headers)('is a method like any other: 405, with %j', async (set) => {
    const { status, text } = await http(server).options(REDEEM).set(set);
    expect({ status, text }).toEqual({ status: 405, text: 'method not allowed\n' });
  });

  it('does not hide that a path is not there: 404', async () => {
    await http(server).options('/nowhere').expect(404);
  });

  it('is no browser, like any request without an Origin: no answer speaks of origins that are allowed', async () => {
    const { headers } = await http(server).post(CODE).expect(200);
    expect(headers).not.toHaveProperty(ALLOW_ORIGIN);
  });
});

describe('with DEV=false', () => {
  let server: RunningApp;

  afterEach(async () => server.close());

  /** Which of these origins the answers to a preflight, a request and a mistake allow; all three must agree. */
  const ask = async (corsOrigins: string, origins: string[]) => {
    server = await startApp({ DEV: 'false', CORS_ORIGINS: corsOrigins });
    const allowed: string[] = [];
    for (const origin of origins) {
      const asked = await preflight(server, REDEEM, origin);
      const posted = await http(server).post(CODE).set('Origin', origin).expect(200);
      const failed = await http(server).post(REDEEM).set('Origin', origin).send({}).expect(400);
      const told = [asked, posted, failed].map(({ headers }) => headers[ALLOW_ORIGIN]);
      if (told.every((value) => value === origin)) allowed.push(origin);
      else expect(told).toEqual([undefined, undefined, undefined]);
    }
    return allowed;
  };

  it('only listed origins are told so, in any case', async () => {
    const right = ['https://app.example.org', 'HTTPS://APP.example.org'];
    const wrong = [
      'http://app.example.org',
      'https://app.example.org:8443',
      'https://example.org',
      'https://x.app.example.org',
    ];
    expect(await ask('https://App.example.org, https://other.example', [...right, ...wrong])).toEqual(right);
  });

  it('a listed host name stands for each of its origins, and not for others that contain it', async () => {
    const right = ['https://app.example.org', 'http://app.example.org', 'https://APP.example.org:8443'];
    const wrong = [
      'https://xapp.example.org',
      'https://app.example.org.evil.test',
      'https://evil.test?app.example.org',
      'null',
    ];
    expect(await ask('app.example.org', [...right, ...wrong])).toEqual(right);
  });

  it('an empty list refuses every browser', async () => {
    expect(await ask('', [PAGE, 'http://localhost', 'null'])).toEqual([]);
  });

  it('`*` is an empty list', async () => {
    expect(await ask('*', [PAGE, '*', 'null'])).toEqual([]);
  });

  it('`*` does not take the other entries away', async () => {
    expect(await ask(`*,${PAGE}`, [PAGE, 'https://evil.test'])).toEqual([PAGE]);
  });
});
