import { ExpiringMap } from './expiring-map.js';

/** Bounds the memory a flood of addresses can take: about 100 bytes each. */
const MAX_WINDOWS = 500_000;

export interface Window {
  count: number;
  expiresAt: number;
}

/** Fixed windows by key, each opened by its first hit. */
export class FixedWindows {
  private readonly windows = new ExpiringMap<Window>();

  peek(key: string, now: number): Window | undefined {
    return this.windows.get(key, now);
  }

  hit(key: string, windowMs: number, now: number): Window {
    const open = this.windows.get(key, now);
    if (open) {
      open.count++;
      return open;
    }
    if (this.windows.size >= MAX_WINDOWS) this.windows.take(this.windows.oldest()!);
    const window = { count: 1, expiresAt: now + windowMs };
    this.windows.take(key); // so that a window that ended is not the oldest any more
    this.windows.set(key, window);
    return window;
  }

  expire(now: number): number {
    return this.windows.expire(now);
  }
}
