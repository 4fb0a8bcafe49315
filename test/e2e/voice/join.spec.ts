import { Whereabouts } from '../../../src/voice/whereabouts/whereabouts.js';
import { FakePermissions, stopPermissions, type Verdict } from '../../support/permission-service.js';
import { dropRawSockets, http, rawRequest, type Reply, undocumentedAnswers } from '../../support/raw-http.js';
import { type RunningApp, startApp } from '../../support/start-app.js';

jest.setTimeout(60_000);

const claim = (userid = 'u', clientid = 'c') => JSON.stringify({ userid, clientid });

describe('POST /join/:conversationid', () => {
  let server: RunningApp;
  let permissions: FakePermissions;

  beforeEach(async () => {
    permissions = await FakePermissions.start();
    server = await startApp({ PERMISSIONS_HOST: permissions.url, DEV: 'false' });
  });
  afterEach(async () => {
    dropRawSockets();
    await server.close();
    await stopPermissions();
  });

  const join = (conversation: string, header = claim()) =>
    http(server).post(`/join/${conversation}`).set('X-User-Claim', header);
  const whereIs = (user = 'u') => server.app.get(Whereabouts).of(user);

  it('answers 200 without a body, and the user is in the conversation', async () => {
    const { text, headers } = await join('a').expect(200);
    expect({ text, length: headers['content-length'] }).toEqual({ text: '', length: '0' });
    expect(whereIs()).toBe('a');
    expect(await undocumentedAnswers(server)).toEqual([]);
  });

  it('moves the user, whichever of its clients asks, and nobody else', async () => {
    await join('a', claim('u', 'one')).expect(200);
    await join('a', claim('v', 'one')).expect(200);
    await join('b', claim('u', 'two')).expect(200);
    expect([whereIs('u'), whereIs('v'), whereIs('w')]).toEqual(['b', 'a', undefined]);
  });

  it('asks the permission service about user and conversation, percent-encoded, once', async () => {
    const header = Buffer.from(claim('a/../b?c#d é', 'x')).toString('latin1');
    const head = `Host: test\r\nX-User-Claim: ${header}\r\nContent-Length: 0`;
    const request = Buffer.from(`POST /join/x%2Fy%3F%25%2e HTTP/1.1\r\n${head}\r\n\r\n`, 'latin1');
    expect((await rawRequest(server, request)).status).toBe(200);
    expect(permissions.asked).toEqual(['GET /user/a%2F..%2Fb%3Fc%23d%20%C3%A9/conversation/x%2Fy%3F%25.']);
    expect(whereIs('a/../b?c#d é')).toBe('x/y?%.');
  });

  it.each(['GET', 'HEAD', 'PUT', 'OPTIONS'])('refuses %s with 405, and asks nobody', async (method) => {
    const request = `${method} /join/x%2Fy?z HTTP/1.1\r\nHost: test\r\nX-User-Claim: ${claim()}\r\n\r\n`;
    const { status, headers, body } = await rawRequest(server, request);
    expect({ status, body }).toEqual({ status: 405, body: method === 'HEAD' ? '' : 'method not allowed\n' });
    expect(headers).toMatchObject({ allow: 'POST', 'content-type': 'text/plain; charset=utf-8' });
    expect(permissions.asked).toEqual([]);
  });

  it.each(['/join', '/join/', '/join/x/', '/join/x/y'])('is not found at %s, whatever the method', async (path) => {
    await http(server).post(path).set('X-User-Claim', claim()).expect(404);
    await http(server).get(path).expect(404);
  });

  it('ignores the body, whatever it says it is', async () => {
    await join('a').type('json').send('{').expect(200);
    await join('b').type('x/y').send('z').expect(200);
    expect(whereIs()).toBe('b');
  });

  it.each([
    undefined,
    '',
    '{',
    'null',
    '{"userid":"u"}',
    '{"userid":"u","clientid":""}',
    '{"userid":1,"clientid":"c"}',
  ])('answers 400 to the claim %j, and asks nobody', async (header) => {
    const request = http(server).post('/join/a');
    await (header === undefined ? request : request.set('X-User-Claim', header)).expect(400);
    expect(permissions.asked).toEqual([]);
  });

  it('answers 400 to an id that is too long, 404 to none, and asks nobody', async () => {
    await join('x'.repeat(513)).expect(400);
    await join('').expect(404);
    expect(permissions.asked).toEqual([]);
    await join('x'.repeat(512)).expect(200);
  });

  it.each(['%2e', '%2e%2e', '..'])(
    'lets nobody into %s, which would be a step in the path, and asks nobody',
    async (id) => {
      const request = `POST /join/${id} HTTP/1.1\r\nHost: test\r\nX-User-Claim: ${claim()}\r\nContent-Length: 0\r\n\r\n`;
      expect((await rawRequest(server, request)).status).toBe(401);
      await join('a', claim('..')).expect(401);
      expect(permissions.asked).toEqual([]);
    },
  );

  const redirect: Verdict = (_request, response) => response.writeHead(307, { Location: '/allowed' }).end();
  it.each<[string, Verdict]>([
    ['403', 403],
    ['404', 404],
    ['500', 500],
    ['304', 304],
    ['a redirect, which is not followed', redirect],
  ])('answers 401 when the permission service says %s, and nothing changes', async (_name, verdict) => {
    await join('a').expect(200);
    permissions.verdict = verdict;
    const { body } = (await join('b').expect(401)) as Reply;
    expect(body).toMatchObject({ statusCode: 401, code: 'not_permitted' });
    expect(whereIs()).toBe('a');
    expect(permissions.asked.length).toBe(2);
  });

  it.each([204, 299])('answers 200 when the permission service says %d', async (status) => {
    permissions.verdict = status;
    await join('a').expect(200);
  });

  it('does not wait for the body of the permission service', async () => {
    permissions.verdict = (_request, response) => void response.writeHead(200).write('{');
    await join('a').expect(200);
  });

  it.each<[string, Verdict]>([
    ['hangs', () => undefined],
    ['hangs up', (request) => request.socket.destroy()],
    ['talks nonsense', (request) => request.socket.end('nonsense\r\n\r\n')],
    [
      'wants another protocol',
      (request) => request.socket.end('HTTP/1.1 101 x\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
    ],
    ['never ends its head', (request) => void request.socket.write('HTTP/1.1 200 OK\r\n')],
    [
      'has too much in its head',
      (request) => request.socket.end(`HTTP/1.1 200 OK\r\nX: ${'y'.repeat(100_000)}\r\n\r\n`),
    ],
  ])('answers 503 when the permission service %s, and nothing changes', async (_name, verdict) => {
    await join('a').expect(200);
    permissions.verdict = verdict;
    const { body, headers } = (await join('b').expect(503)) as Reply;
    expect(body).toMatchObject({ statusCode: 503, code: 'permissions_unavailable' });
    expect(headers['retry-after']).toMatch(/^\d+$/);
    expect(whereIs()).toBe('a');
    permissions.verdict = 200;
    await join('b').expect(200);
  });

  it('answers 503 when the permission service is down', async () => {
    await permissions.stop();
    await join('a').expect(503);
    expect(whereIs()).toBeUndefined();
  });

  it('counts the later of two joins under way, though it is let in first', async () => {
    let letIn = (): void => undefined;
    const thoughtAbout = new Promise<void>((asked) => {
      permissions.verdict = (_request, response) => {
        letIn = () => response.writeHead(200).end();
        asked();
      };
    });
    const first = join('first').then(({ status }) => status);
    await thoughtAbout;
    permissions.verdict = 200;
    await join('second').expect(200);
    letIn();
    expect(await first).toBe(200);
    expect(whereIs()).toBe('second');
  });
});

describe('POST /join/:conversationid without PERMISSIONS_HOST', () => {
  let server: RunningApp;
  afterEach(async () => server.close());

  it('lets everyone in, in development', async () => {
    server = await startApp({ DEV: 'true' });
    await http(server).post('/join/a').set('X-User-Claim', claim()).expect(200);
    await http(server).post('/join/%2e%2e').set('X-User-Claim', claim()).expect(401);
    expect(server.app.get(Whereabouts).of('u')).toBe('a');
  });
});
