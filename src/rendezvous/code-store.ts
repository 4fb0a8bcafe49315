import { Expirable } from '../core/expirable.js';

/** What a code stands for. */
export interface Grant {
  appID: string;
  /** When the code ends, in ms since the epoch. */
  expiresAt: number;
}

/** One try at redeeming a code. */
export interface Attempt {
  code: string;
  /** Who tries, as limits count it. */
  guesser: string;
  /** The client's Idempotency-Key: the same key and code get the same grant again as long as the code would have lived. */
  idempotencyKey?: string | undefined;
}

/** What became of an attempt. */
export type Redemption =
  | { outcome: 'redeemed' | 'repeated'; grant: Grant }
  | { outcome: 'gone' }
  /** Too many failures: nothing was tried and nothing consumed. */
  | { outcome: 'locked'; until: number };

/** How often a guesser may fail within a fixed window before it is locked out for the rest of it. */
export interface GuessLimit {
  fails: number;
  windowMs: number;
}

/** Port: live codes, and who tried to redeem them. Each method is atomic under any concurrency, on any node. */
export abstract class CodeStore extends Expirable {
  readonly records = 'codes';

  /** Puts the code into use unless it is live already; resolves to whether it did. */
  abstract claim(code: string, grant: Grant, now: number): Promise<boolean>;

  /** How many codes of this length are not in use. */
  abstract countFree(digits: number, now: number): Promise<number>;

  /**
   * Consumes the code: of any number of attempts one gets it. Unknown, used and expired codes are alike `gone`, and a
   * failure of the guesser; successes never count. A limit of 0 fails locks nobody out.
   */
  abstract redeem(attempt: Attempt, limit: GuessLimit, now: number): Promise<Redemption>;
}
