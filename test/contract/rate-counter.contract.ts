import { randomUUID } from 'node:crypto';
import type { RateCounter } from '../../src/core/limits/rate-counter.js';
import { LONG, MANY, SHORT, type Subject, times } from './subject.js';

/** What every {@link RateCounter} promises. */
export function rateCounterContract(adapter: string, create: () => Promise<Subject<RateCounter>>): void {
  describe(`RateCounter in ${adapter}`, () => {
    let subject: Subject<RateCounter>;
    let store: RateCounter;

    beforeEach(async () => {
      subject = await create();
      store = subject.store;
    });
    afterEach(() => subject.close());

    const hit = (key: string, windowMs = LONG) => store.hit(key, windowMs, subject.now());

    it('counts the hits of a window that its first hit opened', async () => {
      const key = randomUUID();
      const opened = subject.now();
      const first = await hit(key);
      expect(first.count).toBe(1);
      expect(first.resetAt).toBeGreaterThanOrEqual(opened + LONG);
      expect(first.resetAt).toBeLessThanOrEqual(subject.now() + LONG);
      expect((await hit(key)).count).toBe(2);
      expect((await hit(key)).count).toBe(3);
    });

    it('ends a window when its first hit said, whatever came later', async () => {
      const key = randomUUID();
      const { resetAt } = await hit(key, SHORT);
      await subject.pass(SHORT / 2);
      const later = await hit(key, LONG);
      expect(later.count).toBe(2);
      expect(Math.abs(later.resetAt - resetAt)).toBeLessThan(SHORT / 4);
      await subject.pass(SHORT / 2);
      expect((await hit(key)).count).toBe(1);
    });

    it('counts every one of many hits at once', async () => {
      const key = randomUUID();
      const hits = await Promise.all(times(MANY, () => hit(key)));
      expect(hits.map(({ count }) => count).sort((a, b) => a - b)).toEqual(times(MANY, (i) => i + 1));
    });

    it('counts keys apart', async () => {
      const [one, other] = [randomUUID(), randomUUID()];
      await hit(one);
      await hit(one);
      expect((await hit(other)).count).toBe(1);
    });

    it('forgets windows that have ended, says how many, and leaves the others', async () => {
      const living = randomUUID();
      await hit(living);
      for (let i = 0; i < 3; i++) await hit(randomUUID(), SHORT);
      await subject.pass(SHORT);
      expect(await store.expire(subject.now())).toBe(subject.endsByItself ? 0 : 3);
      expect(await store.expire(subject.now())).toBe(0);
      expect((await hit(living)).count).toBe(2);
    });
  });
}
