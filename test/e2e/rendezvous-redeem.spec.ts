import { FakeClock } from '../support/fake-clock.js';
import { dropRawSockets, http, post, rawRequest, type Reply, undocumentedAnswers } from '../support/raw-http.js';
import { type RunningApp, startApp } from '../support/start-app.js';

jest.setTimeout(30_000);

const TEN_MINUTES_MS = 600_000;
const JSON_TYPE = 'application/json';
const REDEEM = '/rendezvous/redeem';
const UNKNOWN = '99999999';

describe('POST /rendezvous/redeem', () => {
  let server: RunningApp;
  const clock = new FakeClock();

  beforeAll(async () => {
    server = await startApp({ REDEEM_FAILS_PER_MIN: '0' }, clock);
  });
  afterEach(dropRawSockets);
  afterAll(async () => server.close());

  const mint = async () => (await http(server).post('/rendezvous/code')).body as { code: string; appID: string };
  const redeem = (body: object) => http(server).post(REDEEM).send(body);
  const redeemRaw = (body: string, type?: string) => rawRequest(server, post(REDEEM, body, type));

  it('answers 200 with the room and the end that the code was minted with, and nothing else', async () => {
    const { code, ...grant } = await mint();
    const { body, headers } = (await redeem({ code }).expect(200)) as Reply;
    expect(body).toEqual(grant);
    expect(headers['content-type']).toMatch(/^application\/json/);
  });

  it('does so once', async () => {
    const { code } = await mint();
    await redeem({ code }).expect(200);
    await redeem({ code }).expect(410);
  });

  it('says the same of used, unknown and expired codes: 410 gone', async () => {
    const { code: used } = await mint();
    const { code: expired } = await mint();
    await redeem({ code: used });
    clock.advance(TEN_MINUTES_MS);
    for (const code of [used, expired, UNKNOWN]) {
      const { status, text, headers } = await redeem({ code });
      expect({ status, text }).toEqual({ status: 410, text: 'gone\n' });
      expect(headers['content-type']).toMatch(/^text\/plain/);
    }
  });

  it('honours a code up to its end, and not at it', async () => {
    const [first, second] = [await mint(), await mint()];
    clock.advance(TEN_MINUTES_MS - 1);
    await redeem({ code: first.code }).expect(200);
    clock.advance(1);
    await redeem({ code: second.code }).expect(410);
  });

  it('ignores further members', async () => {
    const { code } = await mint();
    await redeem({ ttl: 1, code, appID: 'mine' }).expect(200);
  });

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;x=y',
    'application/json; charset=klingon',
    'application/json-patch+json',
    'application/jsonx',
    'application/json;',
    'application/json; =;',
  ])('takes the type "%s"', async (type) => {
    const { code } = await mint();
    const { status } = await redeemRaw(JSON.stringify({ code }), type);
    expect(status).toBe(200);
  });

  it.each([
    undefined,
    '',
    'foo',
    'text/plain',
    'Application/JSON',
    'APPLICATION/json',
    'application/x-json',
    'json',
    'text/plain, application/json',
    'application/x-www-form-urlencoded',
  ])('refuses the type "%s" with 415, and keeps the code', async (type) => {
    const { code } = await mint();
    const { status, body, headers } = await redeemRaw(JSON.stringify({ code }), type);
    expect({ status, body }).toEqual({ status: 415, body: 'bad content-type\n' });
    expect(headers['content-type']).toMatch(/^text\/plain/);
    await redeem({ code }).expect(200);
  });

  it.each([
    '',
    ' ',
    '{"code":"1234"',
    '{"code":"1234"} {"code":"1234"}x',
    '{code:"1234"}',
    "{'code':'1234'}",
    '{}',
    '{"code":null}',
    '{"code":1234}',
    '{"code":["1234"]}',
    '{"code":{"code":"1234"}}',
    '{"code":true}',
    '{"code":""}',
    '{"code":"123"}',
    '{"code":"123456789"}',
    '{"code":" 1234"}',
    '{"code":"1234 "}',
    '{"code":"1234\\n"}',
    '{"code":"1234-pq"}',
    '{"code":"12a4"}',
    '{"code":"+1234"}',
    '{"code":"0x12"}',
    '{"code":"12.4"}',
    '{"code":"١٢٣٤"}',
    '{"code":"１２３４"}',
    '{"__proto__":{"code":"1234"}}',
    '[{"code":"1234"}]',
    '["1234"]',
    '"1234"',
    '1234',
    'null',
    'true',
    'code=1234',
    '\uFEFF{"code":"1234"}',
  ])('refuses the body %j with 400', async (text) => {
    const { status, body, headers } = await redeemRaw(text, JSON_TYPE);
    expect({ status, body }).toEqual({ status: 400, body: 'bad request\n' });
    expect(headers['content-type']).toMatch(/^text\/plain/);
  });

  it('keeps a code that was sent with something wrong around it', async () => {
    const { code } = await mint();
    expect(await redeemRaw(`{"code":"${code}"`, JSON_TYPE)).toMatchObject({ status: 400 });
    expect(await redeemRaw(`{"code":"${code}-pq"}`, JSON_TYPE)).toMatchObject({ status: 400 });
    expect(await redeemRaw(`{"code":" ${code}"}`, JSON_TYPE)).toMatchObject({ status: 400 });
    await redeem({ code }).expect(200);
  });

  it.each(['1234', '12345', '123456', '1234567', UNKNOWN])('takes a code as long as %s for one', async (code) => {
    await redeem({ code }).expect(410);
  });

  it('takes a chunked body', async () => {
    const { code } = await mint();
    const body = JSON.stringify({ code });
    const chunks = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    const head = `POST ${REDEEM} HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
    expect(await rawRequest(server, head + chunks)).toMatchObject({ status: 200 });
  });

  it('answers nothing that the API document does not list, also to a body that is far too long', async () => {
    await redeemRaw(JSON.stringify({ code: UNKNOWN, padding: 'x'.repeat(100_000) }), JSON_TYPE);
    await redeemRaw('x'.repeat(100_000), 'text/plain');
    expect(await undocumentedAnswers(server)).toEqual([]);
  });
});
