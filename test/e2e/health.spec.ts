import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually.js';
import { http, type Reply, undocumentedAnswers } from '../support/raw-http.js';
import { type RunningApp, startApp } from '../support/start-app.js';
import { dropSockets, WsClient } from '../support/ws-client.js';

jest.setTimeout(30_000);

describe('health', () => {
  let server: RunningApp;

  beforeAll(async () => {
    server = await startApp({ MAX_CONNECTIONS: '2' });
  });
  afterEach(dropSockets);
  afterAll(async () => server.close());

  const join = () => WsClient.open(`${server.ws}/ws?appID=${randomUUID()}&side=A`);

  it.each([
    ['/healthz', '{"ok":true}'],
    ['/readyz', '{"ready":true}'],
  ])('%s answers 200 and exactly %s', async (path, text) => {
    const answer = await http(server).get(path).expect(200);
    expect(answer.text).toBe(text);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
  });

  it.each(['/healthz', '/readyz'])('%s answers HEAD, and refuses POST', async (path) => {
    await http(server).head(path).expect(200);
    await http(server).post(path).expect(405);
  });

  it('/readyz says 503 while the node has no room for another socket, and 200 when it has again', async () => {
    const first = await join();
    await http(server).get('/readyz').expect(200);
    await join();
    const { body } = (await http(server).get('/readyz').expect(503)) as Reply;
    expect(body).toMatchObject({ statusCode: 503, code: 'not_ready', ready: false });
    await http(server).get('/healthz').expect(200);
    await first.close();
    await eventually(() => http(server).get('/readyz').expect(200));
  });

  it('answers nothing that the API document does not list', async () => {
    expect(await undocumentedAnswers(server)).toEqual([]);
  });
});

describe('health while shutting down', () => {
  let server: RunningApp;
  let closed: Promise<void>;

  beforeAll(async () => {
    server = await startApp({ DRAIN_DELAY: '1s' });
    await http(server).get('/readyz').expect(200);
    closed = server.close();
  });
  afterAll(async () => closed);

  it('is 503 on /readyz at once, and 200 on /healthz as long as the server is there', async () => {
    const { body } = (await eventually(() => http(server).get('/readyz').expect(503))) as Reply;
    expect(body).toMatchObject({ code: 'not_ready', ready: false });
    await http(server).get('/healthz').expect(200, '{"ok":true}');
  });
});

describe('health without the Redis that the settings name', () => {
  let server: RunningApp;

  beforeAll(async () => {
    server = await startApp({ REDIS_URL: 'redis://127.0.0.1:1' });
  });
  afterAll(async () => server.close());

  it('is 503 on /readyz, which names it, and a metric says so too', async () => {
    const { body } = (await http(server).get('/readyz').expect(503)) as Reply;
    expect(body).toMatchObject({ code: 'not_ready', details: { redis: { status: 'down' } } });
    const { text } = await http(server).get('/metrics').expect(200);
    expect(text).toContain('signalbox_dependency_up{dependency="redis"} 0');
  });
});
