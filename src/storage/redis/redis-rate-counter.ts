import { type Hits, RateCounter } from '../../core/limits/rate-counter.js';
import { KEY_PREFIX, type RedisLink } from './redis-link.js';

/** Windows of all nodes together. They end by themselves, so their number is bounded by the hits of one window. */
export class RedisRateCounter extends RateCounter {
  private readonly count;

  constructor(link: RedisLink) {
    super();
    this.count = link.script('hit');
  }

  async hit(key: string, windowMs: number, now: number): Promise<Hits> {
    const [count, left] = (await this.count([`${KEY_PREFIX}rate:${key}`], windowMs)) as [number, number];
    return { count, resetAt: now + left };
  }

  async expire(): Promise<number> {
    return 0;
  }
}
