import { dropRawSockets, http, post, rawRequest, type Reply } from '../support/raw-http.js';
import { type RunningApp, startApp } from '../support/start-app.js';

jest.setTimeout(30_000);

const REDEEM = '/rendezvous/redeem';

// Each row is wrong in all the ways of the rows below it as well: what is answered says which check came first.
describe('the checks of POST /rendezvous/redeem', () => {
  let server: RunningApp;

  beforeAll(async () => {
    server = await startApp();
  });
  afterEach(dropRawSockets);
  afterAll(async () => server.close());

  it('look at the method first: 405', async () => {
    const answer = await rawRequest(server, post(REDEEM, 'not JSON', 'foo').replace('POST', 'PUT'));
    expect(answer).toMatchObject({ status: 405, body: 'method not allowed\n', headers: { allow: 'POST' } });
    expect(answer.headers['content-type']).toMatch(/^text\/plain/);
  });

  it('then at the content type: 415', async () => {
    expect(await rawRequest(server, post(REDEEM, 'not JSON', 'foo'))).toMatchObject({
      status: 415,
      body: 'bad content-type\n',
    });
  });

  it('then at the body: 400', async () => {
    const answer = await rawRequest(server, post(REDEEM, 'not JSON', 'application/json'));
    expect(answer).toMatchObject({ status: 400, body: 'bad request\n' });
  });

  it('then for the code: 410', async () => {
    const answer = await rawRequest(server, post(REDEEM, '{"code":"00000000"}', 'application/json'));
    expect(answer).toMatchObject({ status: 410, body: 'gone\n' });
  });

  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'])(
    'refuse %s, right content type and body or not',
    async (method) => {
      const request = post(REDEEM, '{"code":"0000"}', 'application/json').replace('POST', method);
      const { status, body } = await rawRequest(server, request);
      expect({ status, body }).toEqual({ status: 405, body: method === 'HEAD' ? '' : 'method not allowed\n' });
    },
  );

  // After any answer but 2xx the CLI tries these; a 200 from one of them would make it take the code for the room.
  it.each([
    '/redeem',
    '/code/redeem',
    '/rendezvous/redeem/',
    '/rendezvous/redeem/x',
    '/rendezvous/redeem%20',
    '/api/rendezvous/redeem',
  ])('are not found at %s', async (path) => {
    const { body: minted } = (await http(server).post('/rendezvous/code')) as Reply;
    const { code } = minted as { code: string };
    expect(await rawRequest(server, post(path, JSON.stringify({ code }), 'application/json'))).toMatchObject({
      status: 404,
    });
    await http(server).post(REDEEM).send({ code }).expect(200);
  });

  it.each(['/', '/index.html', '/favicon.ico', '/ws/x', '/rendezvous', '/nothing?code=1'])(
    'answer GET %s with 404 and JSON',
    async (path) => {
      const { status, body } = (await http(server).get(path)) as Reply;
      expect(status).toBe(404);
      expect(body).toMatchObject({ statusCode: 404, code: 'not_found' });
    },
  );
});
