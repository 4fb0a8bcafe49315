import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { Clock } from '../clock.js';
import { ApiError, retryAfter } from '../errors.js';
import { Lifecycle } from '../lifecycle.js';
import { OriginPolicy } from '../limits/origin-policy.js';
import { MINUTE_MS, RateCounter } from '../limits/rate-counter.js';
import { TransportStats } from './transport-stats.js';

/** When a full node may have room again, in s: a guess, as nobody knows. */
const FULL_RETRY_AFTER = { 'Retry-After': '5' };

/** Whether a handshake that its protocol accepts gets a socket on this node. */
@Injectable()
export class Admission {
  private readonly perAddress = new Map<string, number>();

  constructor(
    private readonly settings: Settings,
    private readonly origins: OriginPolicy,
    private readonly rates: RateCounter,
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
    private readonly stats: TransportStats,
  ) {}

  /** @throws ApiError `draining` once the node refuses new sockets. */
  assertAccepting(): void {
    if (this.lifecycle.refusing) throw new ApiError('draining', FULL_RETRY_AFTER);
  }

  /** @throws ApiError where the browser's origin is not allowed, or the address made too many handshakes this minute. */
  async assertWelcome(request: IncomingMessage, address: string): Promise<void> {
    if (!this.origins.allows(request.headers.origin)) throw new ApiError('forbidden_origin');
    const { wsRatePerMin } = this.settings;
    if (wsRatePerMin === 0) return;
    const now = this.clock.now();
    const { count, resetAt } = await this.rates.hit(`ws ${address}`, MINUTE_MS, now);
    if (count > wsRatePerMin) throw new ApiError('rate_limited', retryAfter(resetAt, now));
  }

  /**
   * Takes one of the node's and of the address's sockets; to be given back with {@link release}.
   * @throws ApiError when there is none.
   */
  occupy(address: string): void {
    const { maxConnections, maxConnectionsPerAddress } = this.settings;
    if (this.stats.open >= maxConnections) throw new ApiError('over_capacity', FULL_RETRY_AFTER);
    if (maxConnectionsPerAddress > 0) {
      const held = this.perAddress.get(address) ?? 0;
      if (held >= maxConnectionsPerAddress) throw new ApiError('too_many_connections', FULL_RETRY_AFTER);
      this.perAddress.set(address, held + 1);
    }
    this.stats.open++;
  }

  release(address: string): void {
    this.stats.open--;
    const held = this.perAddress.get(address);
    if (held === undefined) return;
    if (held > 1) this.perAddress.set(address, held - 1);
    else this.perAddress.delete(address);
  }
}
