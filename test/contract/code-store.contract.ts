import { randomInt, randomUUID } from 'node:crypto';
import type { CodeStore, Grant, GuessLimit, Redemption } from '../../src/rendezvous/code-store.js';
import { GRAIN, LONG, MANY, SHORT, type Subject, times } from './subject.js';

const NO_LIMIT: GuessLimit = { fails: 0, windowMs: LONG };

let next = randomInt(10 ** 7);
const newCode = (): string => String(10 ** 7 + (next++ % (9 * 10 ** 7)));
const newGuesser = (): string => `guesser ${randomUUID()}`;

function outcomes(redemptions: Redemption[], outcome: Redemption['outcome']): Redemption[] {
  return redemptions.filter((redemption) => redemption.outcome === outcome);
}

/** What every {@link CodeStore} promises. */
export function codeStoreContract(adapter: string, create: () => Promise<Subject<CodeStore>>): void {
  describe(`CodeStore in ${adapter}`, () => {
    let subject: Subject<CodeStore>;
    let store: CodeStore;

    beforeEach(async () => {
      subject = await create();
      store = subject.store;
    });
    afterEach(() => subject.close());

    const grantFor = (life: number): Grant => ({ appID: randomUUID(), expiresAt: subject.now() + life });

    async function claimed(life = LONG): Promise<{ code: string; grant: Grant }> {
      const code = newCode();
      const grant = grantFor(life);
      expect(await store.claim(code, grant, subject.now())).toBe(true);
      return { code, grant };
    }

    function redeem(
      code: string,
      { guesser = newGuesser(), limit = NO_LIMIT, key }: RedeemOptions = {},
    ): Promise<Redemption> {
      return store.redeem({ code, guesser, idempotencyKey: key }, limit, subject.now());
    }

    describe('claim', () => {
      it('puts a code into use: it stands for its grant', async () => {
        const { code, grant } = await claimed();
        expect(await redeem(code)).toEqual({ outcome: 'redeemed', grant });
      });

      it('refuses a code that is live and leaves its grant alone', async () => {
        const { code, grant } = await claimed();
        expect(await store.claim(code, grantFor(LONG), subject.now())).toBe(false);
        expect(await redeem(code)).toEqual({ outcome: 'redeemed', grant });
      });

      it('takes a code again once it is redeemed', async () => {
        const { code } = await claimed();
        await redeem(code);
        const grant = grantFor(LONG);
        expect(await store.claim(code, grant, subject.now())).toBe(true);
        expect(await redeem(code)).toEqual({ outcome: 'redeemed', grant });
      });

      it('takes a code again once it has ended, swept or not', async () => {
        const { code } = await claimed(SHORT);
        await subject.pass(SHORT);
        const grant = grantFor(LONG);
        expect(await store.claim(code, grant, subject.now())).toBe(true);
        await store.expire(subject.now());
        expect(await redeem(code)).toEqual({ outcome: 'redeemed', grant });
      });

      it('lets one of many claimants of a code win', async () => {
        const code = newCode();
        const grants = times(MANY, () => grantFor(LONG));
        const won = await Promise.all(grants.map((grant) => store.claim(code, grant, subject.now())));
        expect(won.filter(Boolean)).toHaveLength(1);
        expect(await redeem(code)).toEqual({ outcome: 'redeemed', grant: grants[won.indexOf(true)] });
      });
    });

    describe('countFree', () => {
      it('counts the codes of a length that are not in use', async () => {
        const free = await store.countFree(8, subject.now());
        const four = await store.countFree(4, subject.now());
        expect(free).toBeLessThanOrEqual(10 ** 8);
        const codes = await Promise.all(times(5, () => claimed()));
        expect(await store.countFree(8, subject.now())).toBe(free - 5);
        await redeem(codes[0]!.code);
        expect(await store.countFree(8, subject.now())).toBe(free - 4);
        expect(await store.countFree(4, subject.now())).toBe(four);
      });

      it('counts a code that has ended as free, swept or not, and once', async () => {
        const free = await store.countFree(8, subject.now());
        const { code } = await claimed(SHORT);
        await claimed(SHORT);
        await subject.pass(SHORT);
        await store.claim(code, grantFor(LONG), subject.now());
        expect(await store.countFree(8, subject.now())).toBe(free - 1);
        await store.expire(subject.now());
        expect(await store.countFree(8, subject.now())).toBe(free - 1);
      });

      it('is not misled by a refused claim or a failed redeem', async () => {
        const free = await store.countFree(8, subject.now());
        const { code, grant } = await claimed();
        await store.claim(code, grant, subject.now());
        await redeem(newCode());
        expect(await store.countFree(8, subject.now())).toBe(free - 1);
      });
    });

    describe('redeem', () => {
      it('has one answer for unknown, used and expired codes', async () => {
        const used = await claimed();
        await redeem(used.code);
        const expired = await claimed(SHORT);
        await subject.pass(SHORT);
        for (const code of [newCode(), used.code, expired.code])
          expect(await redeem(code)).toEqual({ outcome: 'gone' });
      });

      it('gives a code to one of many attempts', async () => {
        const { code, grant } = await claimed();
        const answers = await Promise.all(times(MANY, () => redeem(code)));
        expect(outcomes(answers, 'redeemed')).toEqual([{ outcome: 'redeemed', grant }]);
        expect(outcomes(answers, 'gone')).toHaveLength(MANY - 1);
      });

      it('takes a code by its exact digits', async () => {
        const grant = grantFor(LONG);
        await store.claim('0042', grant, subject.now());
        for (const code of ['42', '042', '00042', '0042 ']) expect(await redeem(code)).toEqual({ outcome: 'gone' });
        expect(await redeem('0042')).toEqual({ outcome: 'redeemed', grant });
      });
    });

    describe('redeem with an Idempotency-Key', () => {
      it('gives the same key and code the same grant again', async () => {
        const { code, grant } = await claimed();
        expect(await redeem(code, { key: 'k' })).toEqual({ outcome: 'redeemed', grant });
        for (let i = 0; i < 3; i++) expect(await redeem(code, { key: 'k' })).toEqual({ outcome: 'repeated', grant });
      });

      it('consumes the code once under any concurrency, and answers all alike', async () => {
        const { code, grant } = await claimed();
        const answers = await Promise.all(times(MANY, () => redeem(code, { key: 'k' })));
        expect(outcomes(answers, 'redeemed')).toEqual([{ outcome: 'redeemed', grant }]);
        expect(outcomes(answers, 'repeated')).toEqual(times(MANY - 1, () => ({ outcome: 'repeated', grant })));
      });

      it('lets one key of many win', async () => {
        const { code, grant } = await claimed();
        const answers = await Promise.all(times(MANY, (i) => redeem(code, { key: `k${i % 10}` })));
        expect(outcomes(answers, 'redeemed')).toHaveLength(1);
        expect(outcomes(answers, 'repeated')).toEqual(times(MANY / 10 - 1, () => ({ outcome: 'repeated', grant })));
      });

      it('is bound to the code and to the key', async () => {
        const [first, second] = [await claimed(), await claimed()];
        await redeem(first.code, { key: 'k' });
        expect(await redeem(first.code, { key: 'K' })).toEqual({ outcome: 'gone' });
        expect(await redeem(first.code)).toEqual({ outcome: 'gone' });
        expect(await redeem(second.code, { key: 'k' })).toEqual({ outcome: 'redeemed', grant: second.grant });
      });

      it('remembers nothing of an attempt that failed', async () => {
        const code = newCode();
        expect(await redeem(code, { key: 'k' })).toEqual({ outcome: 'gone' });
        const grant = grantFor(LONG);
        await store.claim(code, grant, subject.now());
        expect(await redeem(code, { key: 'k' })).toEqual({ outcome: 'redeemed', grant });
      });

      it('repeats no longer than the code would have lived, swept or not', async () => {
        const { code } = await claimed(SHORT);
        await redeem(code, { key: 'k' });
        await subject.pass(SHORT);
        expect(await redeem(code, { key: 'k' })).toEqual({ outcome: 'gone' });
      });
    });

    describe('failures of a guesser', () => {
      const limit: GuessLimit = { fails: 5, windowMs: LONG };
      const brief: GuessLimit = { fails: 5, windowMs: SHORT };

      async function fail(guesser: string, allowed = limit): Promise<void> {
        for (let i = 0; i < allowed.fails; i++)
          expect(await redeem(newCode(), { guesser, limit: allowed })).toEqual({ outcome: 'gone' });
      }

      it('lock it out until the window ends which the first of them opened', async () => {
        const guesser = newGuesser();
        const opened = subject.now();
        await fail(guesser);
        const answer = await redeem(newCode(), { guesser, limit });
        expect(answer).toEqual({ outcome: 'locked', until: expect.any(Number) as number });
        const { until } = answer as { until: number };
        expect(until).toBeGreaterThan(opened + limit.windowMs - GRAIN);
        expect(until).toBeLessThanOrEqual(subject.now() + limit.windowMs);
      });

      it('consume nothing while it is locked out, and try nothing', async () => {
        const guesser = newGuesser();
        const { code, grant } = await claimed();
        const repeatable = await claimed();
        await redeem(repeatable.code, { guesser, limit, key: 'k' });
        await fail(guesser);
        expect(await redeem(code, { guesser, limit })).toMatchObject({ outcome: 'locked' });
        expect(await redeem(repeatable.code, { guesser, limit, key: 'k' })).toMatchObject({ outcome: 'locked' });
        expect(await redeem(code, { limit })).toEqual({ outcome: 'redeemed', grant });
      });

      it('are forgotten when the window ends; being locked out does not prolong it', async () => {
        const guesser = newGuesser();
        await fail(guesser, brief);
        for (let i = 0; i < 4; i++) {
          await subject.pass(SHORT / 4);
          await redeem(newCode(), { guesser, limit: brief });
        }
        const { code, grant } = await claimed();
        expect(await redeem(code, { guesser, limit: brief })).toEqual({ outcome: 'redeemed', grant });
      });

      it('get no further in parallel than one after the other', async () => {
        const guesser = newGuesser();
        const answers = await Promise.all(times(MANY, () => redeem(newCode(), { guesser, limit })));
        expect(outcomes(answers, 'gone')).toHaveLength(limit.fails);
        expect(outcomes(answers, 'locked')).toHaveLength(MANY - limit.fails);
      });

      it('do not include successes, nor repeated ones', async () => {
        const guesser = newGuesser();
        const codes = await Promise.all(times(3 * limit.fails, () => claimed()));
        for (const { code } of codes)
          expect(await redeem(code, { guesser, limit, key: 'k' })).toMatchObject({ outcome: 'redeemed' });
        for (const { code } of codes)
          expect(await redeem(code, { guesser, limit, key: 'k' })).toMatchObject({ outcome: 'repeated' });
        await fail(guesser);
      });

      it('do not count for anybody else', async () => {
        await fail(newGuesser());
        const { code, grant } = await claimed();
        expect(await redeem(code, { limit })).toEqual({ outcome: 'redeemed', grant });
      });

      it('lock nobody out with a limit of 0', async () => {
        const guesser = newGuesser();
        for (let i = 0; i < 50; i++) expect(await redeem(newCode(), { guesser })).toEqual({ outcome: 'gone' });
        const { code, grant } = await claimed();
        expect(await redeem(code, { guesser })).toEqual({ outcome: 'redeemed', grant });
      });
    });

    describe('expire', () => {
      it('forgets what has ended, leaves what has not, and says how many there were', async () => {
        await claimed(SHORT);
        await claimed(SHORT);
        const living = await claimed();
        const repeatable = await claimed();
        await redeem(repeatable.code, { key: 'k' });
        await subject.pass(SHORT);
        expect(await store.expire(subject.now())).toBe(2);
        expect(await store.expire(subject.now())).toBe(0);
        expect(await redeem(living.code)).toEqual({ outcome: 'redeemed', grant: living.grant });
        expect(await redeem(repeatable.code, { key: 'k' })).toEqual({ outcome: 'repeated', grant: repeatable.grant });
      });
    });
  });
}

interface RedeemOptions {
  guesser?: string;
  limit?: GuessLimit;
  key?: string;
}
