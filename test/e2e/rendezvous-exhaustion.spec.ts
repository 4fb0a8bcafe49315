import { FakeClock } from '../support/fake-clock.js';
import { type Answer, dropRawSockets, http, pipelined, type Reply } from '../support/raw-http.js';
import { type RunningApp, startApp } from '../support/start-app.js';

jest.setTimeout(60_000);

const ALL_OF_FOUR = 10_000;
const TEN_MINUTES_MS = 600_000;
const MINT = 'POST /rendezvous/code HTTP/1.1\r\nHost: test\r\n\r\n';
const REDEEM = '/rendezvous/redeem';

const codesOf = (answers: Answer[]) => answers.map(({ body }) => (JSON.parse(body) as { code: string }).code);

describe('when codes of four digits run out', () => {
  let server: RunningApp;
  let codes: string[];

  beforeAll(async () => {
    server = await startApp();
    const answers = await pipelined(server.port, MINT, ALL_OF_FOUR + 1_000);
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    codes = codesOf(answers);
  });
  afterEach(dropRawSockets);
  afterAll(async () => server.close());

  it('every one of 11,000 mints gets a code of its own', () => {
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('they grow to five digits, not before most of the short ones are used, and no further', () => {
    expect(new Set(codes.map(({ length }) => length))).toEqual(new Set([4, 5]));
    expect(codes.findIndex(({ length }) => length === 5)).toBeGreaterThan(1_000);
    expect(codes.filter(({ length }) => length === 4).length).toBeGreaterThan(8_000);
  });

  it('the longer ones redeem like the others', async () => {
    const long = codes.find(({ length }) => length === 5);
    await http(server).post(REDEEM).send({ code: long }).expect(200);
    await http(server).post(REDEEM).send({ code: long }).expect(410);
  });
});

describe('when there may be no longer codes (CODE_MAX_DIGITS=4)', () => {
  let server: RunningApp;
  let codes: string[];
  const clock = new FakeClock();

  beforeAll(async () => {
    server = await startApp({ CODE_MAX_DIGITS: '4' }, clock);
    codes = codesOf(await pipelined(server.port, MINT, ALL_OF_FOUR));
  });
  afterEach(dropRawSockets);
  afterAll(async () => server.close());

  it('minting does not fail with codes left: all 10,000 are given out', () => {
    expect(new Set(codes).size).toBe(ALL_OF_FOUR);
    expect(codes.every((code) => /^[0-9]{4}$/.test(code))).toBe(true);
  });

  it('the next one is answered 503 with Retry-After, as are 20 at once', async () => {
    const { headers, body } = (await http(server).post('/rendezvous/code').expect(503)) as Reply;
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(body).toMatchObject({ statusCode: 503, code: 'codes_exhausted' });
    const answers = await Promise.all(Array.from({ length: 20 }, () => http(server).post('/rendezvous/code')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
  });

  it('a redeemed code is free for the next who asks, and only one of two gets it', async () => {
    await http(server).post(REDEEM).send({ code: codes[77] }).expect(200);
    const answers = await Promise.all([http(server).post('/rendezvous/code'), http(server).post('/rendezvous/code')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 503]);
    expect(answers.find(({ status }) => status === 200)?.body).toMatchObject({ code: codes[77] });
  });

  it('all are free again once they have ended', async () => {
    clock.advance(TEN_MINUTES_MS);
    await http(server).post('/rendezvous/code').expect(200);
  });
});
