import { FakeClock } from '../support/fake-clock.js';
import { http, type Reply } from '../support/raw-http.js';
import { PLACES, type Started } from '../support/places.js';
import { killRedisServers } from '../support/redis-server.js';

jest.setTimeout(30_000);

const TEN_MINUTES_MS = 600_000;
const REDEEM = '/rendezvous/redeem';
const PARALLEL = 200;

interface Minted {
  code: string;
  appID: string;
  expiresAt: string;
}

afterAll(killRedisServers);

describe.each(PLACES)('redeeming a code, %s,', (place, start) => {
  let server: Started;
  let turn = 0;
  const clock = new FakeClock();

  beforeAll(async () => {
    server = await start({ REDEEM_FAILS_PER_MIN: '0' }, clock);
  });
  afterAll(async () => server.close());

  /** The servers in turn. */
  const next = () => (turn++ % 2 && server.other) || server;
  const mint = async () => (await http(next()).post('/rendezvous/code')).body as Minted;
  const redeem = (code: string, key?: string) => {
    const sent = http(next()).post(REDEEM).send({ code });
    return key === undefined ? sent : sent.set('Idempotency-Key', key);
  };
  const statuses = (answers: { status: number }[]) => {
    const counts: Record<number, number> = {};
    for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  };

  it('succeeds for one of 200 that try at once', async () => {
    const { code, appID } = await mint();
    const answers = await Promise.all(Array.from({ length: PARALLEL }, () => redeem(code)));
    expect(statuses(answers)).toEqual({ 200: 1, 410: PARALLEL - 1 });
    expect(answers.find(({ status }) => status === 200)?.body).toMatchObject({ appID });
  });

  it('takes nothing from other codes, however many are redeemed at once', async () => {
    const minted = await Promise.all(Array.from({ length: 50 }, mint));
    const answers = await Promise.all(minted.map(({ code }) => redeem(code)));
    expect(answers.map(({ body }) => (body as Minted).appID)).toEqual(minted.map(({ appID }) => appID));
  });

  describe('with an Idempotency-Key', () => {
    it('gets the same answer again', async () => {
      const { code, appID, expiresAt } = await mint();
      for (let i = 0; i < 3; i++) {
        const { status, body } = (await redeem(code, 'key-1')) as Reply;
        expect({ status, body: body }).toEqual({ status: 200, body: { appID, expiresAt } });
      }
    });

    it('gets it for all that try at once with that key, and for none without', async () => {
      const { code } = await mint();
      const keys = Array.from({ length: PARALLEL }, (_, i) => (i % 2 === 0 ? 'mine' : undefined));
      const first = await redeem(code, 'mine');
      const answers = await Promise.all(keys.map((key) => redeem(code, key)));
      expect(statuses(answers)).toEqual({ 200: PARALLEL / 2, 410: PARALLEL / 2 });
      const rooms = new Set(answers.filter(({ status }) => status === 200).map(({ text }) => text));
      expect([...rooms]).toEqual([first.text]);
    });

    it('goes to one key of 200 that try at once', async () => {
      const { code } = await mint();
      const answers = await Promise.all(Array.from({ length: PARALLEL }, (_, i) => redeem(code, `key ${i}`)));
      expect(statuses(answers)).toEqual({ 200: 1, 410: PARALLEL - 1 });
    });

    it('is gone for another key, and without one', async () => {
      const { code } = await mint();
      await redeem(code, 'mine').expect(200);
      await redeem(code, 'Mine').expect(410);
      await redeem(code).expect(410);
    });

    it('is bound to the code as well', async () => {
      const [first, second] = [await mint(), await mint()];
      expect((await redeem(first.code, 'shared')).body).toMatchObject({ appID: first.appID });
      expect((await redeem(second.code, 'shared')).body).toMatchObject({ appID: second.appID });
      expect((await redeem(first.code, 'shared')).body).toMatchObject({ appID: first.appID });
    });

    it('does not come back for a code that was redeemed without one', async () => {
      const { code } = await mint();
      await redeem(code).expect(200);
      await redeem(code, 'late').expect(410);
    });

    it('counts an empty key as none', async () => {
      const { code } = await mint();
      await redeem(code, '').expect(200);
      await redeem(code, '').expect(410);
    });

    it('refuses a key that is far too long with 400, and keeps the code', async () => {
      const { code } = await mint();
      await redeem(code, 'k'.repeat(5000)).expect(400, 'bad request\n');
      await redeem(code).expect(200);
    });

    // Redis has a clock of its own: what ends there is shown by the contract of the store.
    if (place === 'on one node') {
      it('is remembered as long as the code would have lived', async () => {
        const { code } = await mint();
        await redeem(code, 'mine').expect(200);
        clock.advance(TEN_MINUTES_MS - 1);
        await redeem(code, 'mine').expect(200);
        clock.advance(1);
        await redeem(code, 'mine').expect(410);
      });
    }
  });
});
