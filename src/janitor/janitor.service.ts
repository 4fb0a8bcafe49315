import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Interval } from '@nestjs/schedule';
import { Counter, Registry } from 'prom-client';
import { Clock } from '../core/clock.js';
import { Expirable } from '../core/expirable.js';

/** What has ended is unreadable at once; this is only how soon its memory comes back. */
const SWEEP_EVERY_MS = 30_000;

/** Forgets, every half minute, what has ended in any store. */
@Injectable()
export class Janitor implements OnModuleInit {
  private readonly logger = new Logger(Janitor.name);
  private readonly expired: Counter;
  private stores: Expirable[] = [];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly clock: Clock,
    registry: Registry,
  ) {
    this.expired = new Counter({
      name: 'signalbox_janitor_expired_total',
      help: 'Records that had ended and were forgotten, by kind',
      labelNames: ['records'],
      registers: [registry],
    });
  }

  onModuleInit(): void {
    const instances: unknown[] = this.discovery.getProviders().map(({ instance }) => instance as unknown);
    this.stores = [...new Set(instances.filter((instance) => instance instanceof Expirable))];
    for (const { records } of this.stores) this.expired.inc({ records }, 0);
  }

  @Interval(SWEEP_EVERY_MS)
  async sweep(): Promise<void> {
    const now = this.clock.now();
    for (const store of this.stores) {
      try {
        this.expired.inc({ records: store.records }, await store.expire(now));
      } catch (error) {
        this.logger.error(error); // the next store, and the next turn, may fare better
      }
    }
  }
}
