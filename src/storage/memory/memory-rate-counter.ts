import { type Hits, RateCounter } from '../../core/limits/rate-counter.js';
import { FixedWindows } from './fixed-windows.js';

/** Windows in the memory of this process. */
export class MemoryRateCounter extends RateCounter {
  private readonly windows = new FixedWindows();

  async hit(key: string, windowMs: number, now: number): Promise<Hits> {
    const { count, expiresAt } = this.windows.hit(key, windowMs, now);
    return { count, resetAt: expiresAt };
  }

  async expire(now: number): Promise<number> {
    return this.windows.expire(now);
  }
}
