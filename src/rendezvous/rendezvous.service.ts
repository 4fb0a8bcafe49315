import { randomInt, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { ApiError, retryAfter } from '../core/errors.js';
import { MINUTE_MS } from '../core/limits/rate-counter.js';
import { type Attempt, CodeStore, type Grant } from './code-store.js';
import { RendezvousMetrics } from './rendezvous.metrics.js';

/** Random draws at one length before a code grows by a digit: at 90 % full, 4 in 10 mints still stay short. */
const DRAWS = 8;

/** When to ask again once every code is taken, in ms: codes end all the time. */
const EXHAUSTED_RETRY_MS = 30_000;

export interface Minted extends Grant {
  code: string;
}

/** Decides about codes: which to mint, and whether one may be redeemed. */
@Injectable()
export class RendezvousService {
  constructor(
    private readonly settings: Settings,
    private readonly codes: CodeStore,
    private readonly metrics: RendezvousMetrics,
  ) {}

  /**
   * A code that nobody else has, as short as there is room for.
   * @throws ApiError `codes_exhausted` only when every code of every length is in use.
   */
  async mint(now: number): Promise<Minted> {
    const { codeMinDigits, codeMaxDigits, roomTtl } = this.settings;
    const grant = { appID: randomUUID(), expiresAt: now + roomTtl };
    for (let digits = codeMinDigits; digits <= codeMaxDigits; digits++) {
      for (let draw = 0; draw < DRAWS; draw++) {
        const code = randomCode(digits);
        if (await this.codes.claim(code, grant, now)) return this.minted(code, grant);
      }
    }
    for (let digits = codeMinDigits; digits <= codeMaxDigits; digits++) {
      const last = await this.search(digits, grant, now);
      if (last !== undefined) return this.minted(last, grant);
    }
    this.metrics.mints.add('exhausted');
    throw new ApiError('codes_exhausted', retryAfter(now + EXHAUSTED_RETRY_MS, now));
  }

  /**
   * Consumes a code.
   * @throws ApiError `gone`, or `too_many_failed_redeems` for an address that guessed too often.
   */
  async redeem(attempt: Attempt, now: number): Promise<Grant> {
    const limit = { fails: this.settings.redeemFailsPerMin, windowMs: MINUTE_MS };
    const redemption = await this.codes.redeem(attempt, limit, now);
    this.metrics.redeems.add(redemption.outcome);
    switch (redemption.outcome) {
      case 'gone':
        throw new ApiError('gone');
      case 'locked':
        throw new ApiError('too_many_failed_redeems', retryAfter(redemption.until, now));
      case 'redeemed':
      case 'repeated':
        return redemption.grant;
    }
  }

  /** The draws have failed: walks through all codes of a length from a random one on, if there is a free one at all. */
  private async search(digits: number, grant: Grant, now: number): Promise<string | undefined> {
    if ((await this.codes.countFree(digits, now)) === 0) return undefined;
    const all = 10 ** digits;
    const start = randomInt(all);
    for (let i = 0; i < all; i++) {
      const code = written((start + i) % all, digits);
      if (await this.codes.claim(code, grant, now)) return code;
    }
    return undefined;
  }

  private minted(code: string, grant: Grant): Minted {
    this.metrics.mints.add('minted');
    return { code, ...grant };
  }
}

function randomCode(digits: number): string {
  return written(randomInt(10 ** digits), digits);
}

function written(number: number, digits: number): string {
  return String(number).padStart(digits, '0');
}
