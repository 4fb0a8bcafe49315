import { FakeClock } from '../support/fake-clock.js';
import { dropRawSockets, http, post, rawRequest, type Reply, undocumentedAnswers } from '../support/raw-http.js';
import { type RunningApp, startApp } from '../support/start-app.js';

jest.setTimeout(30_000);

const TEN_MINUTES_MS = 600_000;

interface Minted {
  code: string;
  appID: string;
  expiresAt: string;
}

describe('POST /rendezvous/code', () => {
  let server: RunningApp;
  const clock = new FakeClock();

  beforeAll(async () => {
    server = await startApp({}, clock);
  });
  afterEach(dropRawSockets);
  afterAll(async () => server.close());

  const mint = async () => (await http(server).post('/rendezvous/code').expect(200)).body as Minted;

  it('answers 200 with a code of four digits, a room and an end, and nothing else', async () => {
    const { body, headers } = (await http(server).post('/rendezvous/code').expect(200)) as Reply;
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(Object.keys(body as Minted).sort()).toEqual(['appID', 'code', 'expiresAt']);
    expect((body as Minted).code).toMatch(/^[0-9]{4}$/);
  });

  it('names the room with a lower-case UUID v4', async () => {
    const { appID } = await mint();
    expect(appID).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('ends after ROOM_TTL, as RFC 3339 in UTC', async () => {
    const { expiresAt } = await mint();
    expect(expiresAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
    expect(Date.parse(expiresAt)).toBe(clock.now() + TEN_MINUTES_MS);
  });

  it('gives every caller another code and another room', async () => {
    const minted = await Promise.all(Array.from({ length: 50 }, mint));
    expect(new Set(minted.map(({ code }) => code)).size).toBe(50);
    expect(new Set(minted.map(({ appID }) => appID)).size).toBe(50);
  });

  it('does not count codes up', async () => {
    const minted = await Promise.all(Array.from({ length: 20 }, mint));
    expect(new Set(minted.map(({ code }) => code[0])).size).toBeGreaterThan(2);
  });

  it('ignores the ttl that the CLI sends', async () => {
    const { body } = (await http(server).post('/rendezvous/code').send({ ttl: 1 }).expect(200)) as Reply;
    expect(Date.parse((body as Minted).expiresAt)).toBe(clock.now() + TEN_MINUTES_MS);
  });

  it('takes a query string', async () => {
    await http(server).post('/rendezvous/code?ttl=5&x').expect(200);
  });

  it.each([
    { what: 'no body and no type', body: '', type: undefined },
    { what: 'no body, but JSON announced', body: '', type: 'application/json' },
    { what: 'broken JSON', body: '{"ttl":', type: 'application/json' },
    { what: 'JSON that is no object', body: '[1,2', type: 'application/json; charset=utf-8' },
    { what: 'JSON with an unknown member', body: '{"admin":true}', type: 'application/json' },
    { what: 'JSON that would poison a prototype', body: '{"__proto__":{"code":"0000"}}', type: 'application/json' },
    { what: 'a form', body: 'ttl=600', type: 'application/x-www-form-urlencoded' },
    { what: 'a multipart form without its boundary', body: '--x', type: 'multipart/form-data' },
    { what: 'plain text', body: 'hello', type: 'text/plain' },
    { what: 'bytes', body: '\u0000\u0001\u0002', type: 'application/octet-stream' },
    { what: 'a body without a type', body: '{"ttl":600}', type: undefined },
    { what: 'a body with an empty type', body: '{"ttl":600}', type: '' },
    { what: 'no body with an empty type', body: '', type: '' },
    { what: 'a type that is none', body: 'hello', type: 'foo' },
    { what: 'a type that is none, and no body', body: '', type: 'foo' },
    { what: 'a type with stray parameters', body: 'hello', type: 'foo; bar; =;' },
    { what: 'a type of slashes', body: 'hello', type: '///' },
    { what: 'a type with blanks', body: 'hello', type: 'application / json' },
    { what: 'an unknown charset', body: 'hello', type: 'text/plain; charset=klingon' },
    { what: 'a compressed body', body: '\u001f\u008b', type: 'application/gzip' },
    { what: 'a long body', body: 'x'.repeat(100_000), type: 'text/plain' },
  ])('ignores $what', async ({ body, type }) => {
    const answer = await rawRequest(server, post('/rendezvous/code', body, type));
    expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('"code"') as string });
  });

  it.each(['application/json', 'text/plain', 'foo', ''])('ignores a chunked body of type "%s"', async (type) => {
    const head = `POST /rendezvous/code HTTP/1.1\r\nHost: test\r\nContent-Type: ${type}\r\n`;
    const body = '5\r\n{"ttl\r\n3\r\n":6\r\n0\r\n\r\n';
    const { status } = await rawRequest(server, `${head}Transfer-Encoding: chunked\r\n\r\n${body}`);
    expect(status).toBe(200);
  });

  it('ignores a body of which nobody says how long it will be', async () => {
    const { status } = await rawRequest(server, 'POST /rendezvous/code HTTP/1.0\r\n\r\n');
    expect(status).toBe(200);
  });

  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'])(
    'answers %s with 405',
    async (method) => {
      const answer = await rawRequest(server, `${method} /rendezvous/code HTTP/1.1\r\nHost: test\r\n\r\n`);
      expect(answer).toMatchObject({ status: 405, headers: { allow: 'POST' } });
      expect(answer.body).toBe(method === 'HEAD' ? '' : 'method not allowed\n');
    },
  );

  it.each([
    '/rendezvous/code/',
    '/rendezvous/code/x',
    '/rendezvous/code%2F',
    '/rendezvous',
    '/rendezvous/',
    '/rendezvous/create',
    '/code',
    '/Rendezvous/code',
    '//rendezvous/code',
    '/',
  ])('is not found at %s', async (path) => {
    const { status } = await rawRequest(server, post(path, '{}', 'application/json'));
    expect(status).toBe(404);
  });

  it('answers nothing that the API document does not list', async () => {
    expect(await undocumentedAnswers(server)).toEqual([]);
  });
});
