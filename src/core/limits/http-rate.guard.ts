import { Injectable } from '@nestjs/common';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import type { FastifyRequest } from 'fastify';
import { Settings } from '../../config/settings.js';
import { Clock } from '../clock.js';
import { ApiError } from '../errors.js';
import { ClientAddress } from './client-address.js';
import { MINUTE_MS, RateCounter } from './rate-counter.js';
import { RateCounterStorage } from './rate-counter.storage.js';

/** HTTP_RATE_PER_MIN for the controllers it guards. */
@Injectable()
export class HttpRateGuard extends ThrottlerGuard {
  protected override async throwThrottlingException(): Promise<void> {
    throw new ApiError('rate_limited'); // Retry-After is set already
  }
}

/** The library's guard, counting by our client address in our fixed windows; its own key hashes every request's with SHA-256. */
export const HttpRateModule = ThrottlerModule.forRootAsync({
  inject: [Settings, ClientAddress, RateCounter, Clock],
  useFactory: ({ httpRatePerMin }: Settings, addresses: ClientAddress, rates: RateCounter, clock: Clock) => ({
    throttlers: [{ ttl: MINUTE_MS, limit: httpRatePerMin }],
    skipIf: () => httpRatePerMin === 0,
    getTracker: (request) => addresses.of((request as FastifyRequest).raw),
    generateKey: (_context, tracker) => `http ${tracker}`,
    storage: new RateCounterStorage(rates, clock),
  }),
});
