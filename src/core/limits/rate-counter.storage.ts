import type { ThrottlerStorage } from '@nestjs/throttler';
import type { Clock } from '../clock.js';
import type { RateCounter } from './rate-counter.js';

/** Lets @nestjs/throttler count with our fixed windows: one increment, where its own storage filters a list every time. */
export class RateCounterStorage implements ThrottlerStorage {
  constructor(
    private readonly rates: RateCounter,
    private readonly clock: Clock,
  ) {}

  async increment(key: string, ttl: number, limit: number): ReturnType<ThrottlerStorage['increment']> {
    const now = this.clock.now();
    const { count, resetAt } = await this.rates.hit(key, ttl, now);
    const seconds = Math.max(1, Math.ceil((resetAt - now) / 1000));
    return { totalHits: count, timeToExpire: seconds, isBlocked: count > limit, timeToBlockExpire: seconds };
  }
}
