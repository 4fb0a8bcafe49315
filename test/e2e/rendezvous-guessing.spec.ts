import { FakeClock } from '../support/fake-clock.js';
import { http, type Reply } from '../support/raw-http.js';
import { type RunningApp, startApp } from '../support/start-app.js';

jest.setTimeout(30_000);

const MINUTE_MS = 60_000;
const REDEEM = '/rendezvous/redeem';
const ALLOWED_FAILS = 20; // REDEEM_FAILS_PER_MIN when nobody sets it

describe('guessing codes', () => {
  let server: RunningApp;
  const clock = new FakeClock();

  beforeAll(async () => {
    server = await startApp({ TRUST_PROXY: 'loopback' }, clock);
  });
  beforeEach(() => clock.advance(MINUTE_MS)); // and all is forgiven
  afterAll(async () => server.close());

  const mint = async () => ((await http(server).post('/rendezvous/code')).body as { code: string }).code;
  const redeem = (code: string, from = '198.51.100.1') =>
    http(server).post(REDEEM).set('X-Forwarded-For', from).send({ code });
  /** Well-formed codes that nobody has minted. */
  const guess = (i: number, from?: string) => redeem(String(10_000_000 + i), from);
  const lockOut = async () => {
    for (let i = 0; i < ALLOWED_FAILS; i++) await guess(i).expect(410);
  };

  it('ends with 429 and Retry-After after 20 failures within a minute', async () => {
    await lockOut();
    const { status, headers, body } = (await guess(20)) as Reply;
    expect({ status, retryAfter: headers['retry-after'] }).toEqual({ status: 429, retryAfter: '60' });
    expect(body).toMatchObject({ statusCode: 429, code: 'too_many_failed_redeems' });
  });

  it('gets 200 at once no further than 200 in a row', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => guess(i)));
    expect(answers.filter(({ status }) => status === 410)).toHaveLength(ALLOWED_FAILS);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(200 - ALLOWED_FAILS);
  });

  it('consumes nothing while locked out, even with a right code', async () => {
    const code = await mint();
    await lockOut();
    await redeem(code).expect(429);
    clock.advance(MINUTE_MS);
    await redeem(code).expect(200);
  });

  it('is counted in fixed windows: Retry-After falls, and the next minute begins anew', async () => {
    await guess(0);
    clock.advance(45_000);
    for (let i = 1; i < ALLOWED_FAILS; i++) await guess(i).expect(410);
    const locked = await guess(20).expect(429);
    expect(locked.headers['retry-after']).toBe('15');
    clock.advance(14_999);
    const last = await guess(21).expect(429);
    expect(last.headers['retry-after']).toBe('1');
    clock.advance(1);
    await lockOut();
    await guess(20).expect(429);
  });

  it('is not what a busy address does: successes never count', async () => {
    for (let i = 0; i < 3 * ALLOWED_FAILS; i++) await redeem(await mint()).expect(200);
    await lockOut();
    await guess(20).expect(429);
  });

  it('does not forgive failures for a success in between', async () => {
    for (let i = 0; i < ALLOWED_FAILS; i++) {
      await guess(i).expect(410);
      if (i === 10) await redeem(await mint()).expect(200);
    }
    await guess(20).expect(429);
  });

  it('does not count what is no redeem at all: 415, 400 and 405', async () => {
    for (let i = 0; i < 2 * ALLOWED_FAILS; i++) {
      await redeem('not a code').expect(400);
      await http(server).post(REDEEM).set('X-Forwarded-For', '198.51.100.1').type('text/plain').send('x').expect(415);
    }
    await guess(0).expect(410);
  });

  it('locks out one address, not its neighbour', async () => {
    await lockOut();
    await guess(0, '198.51.100.2').expect(410);
    await redeem(await mint(), '198.51.100.3').expect(200);
  });

  it('locks nobody out of minting', async () => {
    await lockOut();
    await http(server).post('/rendezvous/code').set('X-Forwarded-For', '198.51.100.1').expect(200);
  });

  it('counts a whole IPv6 network of a subscriber, a /64, as one', async () => {
    for (let i = 0; i < ALLOWED_FAILS; i++) await guess(i, `2001:db8:1:2::${i.toString(16)}`).expect(410);
    await guess(20, '2001:db8:1:2:ffff:ffff:ffff:ffff').expect(429);
    await guess(20, '2001:db8:1:3::1').expect(410);
  });

  it('is locked out also for who repeats an answered Idempotency-Key', async () => {
    const code = await mint();
    await redeem(code).set('Idempotency-Key', 'k').expect(200);
    await lockOut();
    await redeem(code).set('Idempotency-Key', 'k').expect(429);
    clock.advance(MINUTE_MS);
    await redeem(code).set('Idempotency-Key', 'k').expect(200);
  });
});
