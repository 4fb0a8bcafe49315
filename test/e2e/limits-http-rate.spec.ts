import { FakeClock } from '../support/fake-clock.js';
import { http, type Reply } from '../support/raw-http.js';
import { type RunningApp, startApp } from '../support/start-app.js';

jest.setTimeout(30_000);

const CODE = '/rendezvous/code';
const REDEEM = '/rendezvous/redeem';

describe('HTTP_RATE_PER_MIN', () => {
  let server: RunningApp;
  const clock = new FakeClock();

  beforeAll(async () => {
    server = await startApp({ HTTP_RATE_PER_MIN: '5', TRUST_PROXY: 'loopback' }, clock);
  });
  beforeEach(() => clock.advance(60_000)); // a new window
  afterAll(async () => server.close());

  const useUp = async () => {
    for (let i = 0; i < 5; i++) await http(server).post(CODE).expect(200);
  };

  it('lets that many API requests of an address through, then answers 429 with Retry-After', async () => {
    await useUp();
    const { status, text, headers } = await http(server).post(CODE);
    expect({ status, text, retryAfter: headers['retry-after'] }).toEqual({
      status: 429,
      text: 'rate limit\n',
      retryAfter: '60',
    });
    expect(headers['content-type']).toMatch(/^text\/plain/);
  });

  it('counts in fixed windows of a minute', async () => {
    await useUp();
    clock.advance(59_999);
    const { headers } = await http(server).post(CODE).expect(429);
    expect(headers['retry-after']).toBe('1');
    clock.advance(1);
    await useUp();
    await http(server).post(CODE).expect(429);
  });

  it('counts minting and redeeming together', async () => {
    for (let i = 0; i < 3; i++) await http(server).post(CODE).expect(200);
    for (let i = 0; i < 2; i++) await http(server).post(REDEEM).send({ code: '00000000' }).expect(410);
    await http(server).post(REDEEM).send({ code: '00000000' }).expect(429);
    await http(server).post(CODE).expect(429);
  });

  it('consumes no code beyond it', async () => {
    const { body } = (await http(server).post(CODE)) as Reply;
    await Promise.all(Array.from({ length: 4 }, () => http(server).post(CODE)));
    await http(server)
      .post(REDEEM)
      .send(body as object)
      .expect(429);
    clock.advance(60_000);
    await http(server)
      .post(REDEEM)
      .send(body as object)
      .expect(200);
  });

  it('lets no more through when they come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => http(server).post(CODE)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(45);
  });

  it.each(['/healthz', '/readyz', '/metrics', '/docs', '/docs-json'])(
    'does not count %s, nor close it',
    async (path) => {
      for (let i = 0; i < 10; i++) await http(server).get(path).expect(200);
      await useUp();
      await http(server).post(CODE).expect(429);
      await http(server).get(path).expect(200);
    },
  );

  it('counts every address on its own', async () => {
    await useUp();
    await http(server).post(CODE).expect(429);
    await http(server).post(CODE).set('X-Forwarded-For', '203.0.113.5').expect(200);
  });
});

describe('without HTTP_RATE_PER_MIN', () => {
  let server: RunningApp;

  beforeAll(async () => {
    server = await startApp();
  });
  afterAll(async () => server.close());

  it('nobody is refused', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => http(server).post(CODE)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });
});
