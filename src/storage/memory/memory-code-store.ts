import { type Attempt, CodeStore, type Grant, type GuessLimit, type Redemption } from '../../rendezvous/code-store.js';
import { ExpiringMap } from './expiring-map.js';
import { FixedWindows } from './fixed-windows.js';

/** Codes in the memory of this process, and lost with it. */
export class MemoryCodeStore extends CodeStore {
  private readonly live = new ExpiringMap<Grant>();
  private readonly answered = new ExpiringMap<Grant>();
  private readonly fails = new FixedWindows();
  /** Codes in the map, by length; some may have ended. */
  private readonly used = new Map<number, number>();

  async claim(code: string, grant: Grant, now: number): Promise<boolean> {
    if (this.live.get(code, now)) return false;
    this.forget(code);
    this.live.set(code, grant);
    this.count(code, 1);
    return true;
  }

  async countFree(digits: number, now: number): Promise<number> {
    this.expireCodes(now);
    return 10 ** digits - (this.used.get(digits) ?? 0);
  }

  async redeem({ code, guesser, idempotencyKey }: Attempt, limit: GuessLimit, now: number): Promise<Redemption> {
    const failed = limit.fails > 0 ? this.fails.peek(guesser, now) : undefined;
    if (failed && failed.count >= limit.fails) return { outcome: 'locked', until: failed.expiresAt };
    const receipt = idempotencyKey === undefined ? undefined : `${code} ${idempotencyKey}`;
    const earlier = receipt === undefined ? undefined : this.answered.get(receipt, now);
    if (earlier) return { outcome: 'repeated', grant: earlier };
    const grant = this.live.get(code, now);
    if (!grant) {
      if (limit.fails > 0) this.fails.hit(guesser, limit.windowMs, now);
      return { outcome: 'gone' };
    }
    this.forget(code);
    if (receipt !== undefined) this.answered.set(receipt, grant);
    return { outcome: 'redeemed', grant };
  }

  async expire(now: number): Promise<number> {
    return this.expireCodes(now) + this.answered.expire(now) + this.fails.expire(now);
  }

  private expireCodes(now: number): number {
    return this.live.expire(now, (code) => this.count(code, -1));
  }

  private forget(code: string): void {
    if (this.live.take(code)) this.count(code, -1);
  }

  private count(code: string, by: number): void {
    this.used.set(code.length, (this.used.get(code.length) ?? 0) + by);
  }
}
