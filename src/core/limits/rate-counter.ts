import { Expirable } from '../expirable.js';

export const MINUTE_MS = 60_000;

/** The state of a key's window after a hit. */
export interface Hits {
  count: number;
  /** When the window ends and the count starts anew, in ms since the epoch. */
  resetAt: number;
}

/**
 * Port: counts hits in fixed windows. A key's window opens with its first hit and stays as long as that hit said;
 * counting is atomic under any concurrency. Bounded: when the table is full the oldest windows go first.
 */
export abstract class RateCounter extends Expirable {
  readonly records = 'rates';

  abstract hit(key: string, windowMs: number, now: number): Promise<Hits>;
}
