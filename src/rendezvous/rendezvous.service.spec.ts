import { Registry } from 'prom-client';
import { parseSettings } from '../config/parse-settings.js';
import { ApiError } from '../core/errors.js';
import { MemoryCodeStore } from '../storage/memory/memory-code-store.js';
import { RendezvousMetrics } from './rendezvous.metrics.js';
import { RendezvousService } from './rendezvous.service.js';

const NOW = Date.UTC(2026, 0, 1);
const TTL = 600_000;
const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A store in which codes are in use as the test says, and which counts the draws. */
class CrowdedStore extends MemoryCodeStore {
  readonly draws: number[] = [];
  inUse: (code: string) => boolean = () => false;
  free: (digits: number) => number = () => 1;

  override async claim(code: string, grant: Parameters<MemoryCodeStore['claim']>[1], now: number): Promise<boolean> {
    this.draws.push(code.length);
    return !this.inUse(code) && super.claim(code, grant, now);
  }

  override async countFree(digits: number): Promise<number> {
    return this.free(digits);
  }
}

function serviceOn(store: MemoryCodeStore, environment: Record<string, string> = {}) {
  const metrics = new RendezvousMetrics(new Registry());
  return { service: new RendezvousService(parseSettings(environment), store, metrics), metrics };
}

async function errorOf(promise: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await promise.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  if (error instanceof ApiError) return error;
  throw error;
}

describe('a minted code', () => {
  const { service, metrics } = serviceOn(new MemoryCodeStore());

  it('has four digits, a room of its own, and lives for ROOM_TTL', async () => {
    const { code, appID, expiresAt } = await service.mint(NOW);
    expect(code).toMatch(/^[0-9]{4}$/);
    expect(appID).toMatch(UUID_V4);
    expect(expiresAt).toBe(NOW + TTL);
  });

  it('is nobody else’s while it lives', async () => {
    const minted = await Promise.all(Array.from({ length: 2000 }, () => service.mint(NOW)));
    expect(new Set(minted.map(({ code }) => code)).size).toBe(2000);
    expect(new Set(minted.map(({ appID }) => appID)).size).toBe(2000);
    expect(metrics.mints.get('minted')).toBe(2001);
  });

  it('may begin with zeros', async () => {
    const { service: other } = serviceOn(new MemoryCodeStore());
    const codes = await Promise.all(Array.from({ length: 500 }, () => other.mint(NOW)));
    expect(codes.some(({ code }) => code.startsWith('0'))).toBe(true);
  });
});

describe('the length of a code', () => {
  it('grows by a digit after eight draws that collide, from CODE_MIN_DIGITS to CODE_MAX_DIGITS', async () => {
    const store = new CrowdedStore();
    store.inUse = (code) => code.length < 8;
    expect((await serviceOn(store).service.mint(NOW)).code).toMatch(/^[0-9]{8}$/);
    const draws = [4, 5, 6, 7].flatMap((digits) => Array<number>(8).fill(digits));
    expect(store.draws).toEqual([...draws, 8]);
  });

  it('is four again as soon as there is room', async () => {
    const store = new CrowdedStore();
    store.inUse = (code) => code.length === 4;
    const { service } = serviceOn(store);
    expect((await service.mint(NOW)).code).toHaveLength(5);
    store.inUse = () => false;
    expect((await service.mint(NOW)).code).toHaveLength(4);
  });

  it('begins where CODE_MIN_DIGITS says', async () => {
    const { service } = serviceOn(new MemoryCodeStore(), { CODE_MIN_DIGITS: '6' });
    expect((await service.mint(NOW)).code).toHaveLength(6);
  });
});

describe('minting with CODE_MAX_DIGITS=4', () => {
  const store = new MemoryCodeStore();
  const { service, metrics } = serviceOn(store, { CODE_MAX_DIGITS: '4' });
  const redeem = (code: string, now = NOW) => service.redeem({ code, guesser: 'g' }, now);

  it('finds every free code, then is exhausted', async () => {
    const free = new Set<string>();
    for (let i = 0; i < 10_000; i++) {
      const code = String(i).padStart(4, '0');
      if (i % 100 === 42) free.add(code);
      else await store.claim(code, { appID: '', expiresAt: NOW + TTL }, NOW);
    }
    const codes = await Promise.all(Array.from(free, () => service.mint(NOW)));
    expect(new Set(codes.map(({ code }) => code))).toEqual(free);
    const { code, headers } = await errorOf(service.mint(NOW));
    expect(code).toBe('codes_exhausted');
    expect(Number(headers['Retry-After'])).toBeGreaterThan(0);
    expect(metrics.mints.get('exhausted')).toBe(1);
  });

  it('finds the last free code', async () => {
    for (const freed of ['0000', '9999', '0042']) {
      await redeem(freed);
      expect((await service.mint(NOW)).code).toBe(freed);
      expect((await errorOf(service.mint(NOW))).code).toBe('codes_exhausted');
    }
  });

  it('gives a free code to one of several who ask at once', async () => {
    await redeem('1234');
    const asked = await Promise.allSettled([1, 2, 3].map(() => service.mint(NOW)));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('has them all again when their life is over', async () => {
    expect((await errorOf(service.mint(NOW + TTL - 1))).code).toBe('codes_exhausted');
    for (let i = 0; i < 100; i++) await service.mint(NOW + TTL);
  });
});

describe('minting with several lengths', () => {
  it('never fails while there is a free code of any length', async () => {
    const store = new CrowdedStore();
    store.inUse = (code) => code !== '0042';
    store.free = (digits) => (digits === 4 ? 1 : 0);
    const { service } = serviceOn(store, { CODE_MAX_DIGITS: '5' });
    expect((await service.mint(NOW)).code).toBe('0042');
  });
});

describe('redeeming', () => {
  const { service, metrics } = serviceOn(new MemoryCodeStore(), { REDEEM_FAILS_PER_MIN: '2' });

  it('gives what the code stands for, once; with its key again', async () => {
    const { code, appID, expiresAt } = await service.mint(NOW);
    const attempt = { code, guesser: 'g', idempotencyKey: 'k' };
    expect(await service.redeem(attempt, NOW)).toEqual({ appID, expiresAt });
    expect(await service.redeem(attempt, NOW)).toEqual({ appID, expiresAt });
    expect((await errorOf(service.redeem({ code, guesser: 'g' }, NOW))).code).toBe('gone');
  });

  it('is refused for the rest of the minute after REDEEM_FAILS_PER_MIN failures', async () => {
    const { code } = await service.mint(NOW);
    const guess = (what: string, now: number) => service.redeem({ code: what, guesser: 'h' }, now);
    for (const wrong of ['99999', '99998']) expect((await errorOf(guess(wrong, NOW))).code).toBe('gone');
    const locked = await errorOf(guess(code, NOW + 20_000));
    expect(locked.code).toBe('too_many_failed_redeems');
    expect(locked.getStatus()).toBe(429);
    expect(locked.headers).toEqual({ 'Retry-After': '40' });
    expect(await guess(code, NOW + 60_000)).toMatchObject({ appID: expect.any(String) as string });
  });

  it('counts every outcome', () => {
    expect(['redeemed', 'repeated', 'gone', 'locked'].map((outcome) => metrics.redeems.get(outcome))).toEqual([
      2, 1, 3, 1,
    ]);
  });
});
