import { Logger } from '@nestjs/common';
import type { DiscoveryService } from '@nestjs/core';
import { Registry } from 'prom-client';
import { FakeClock } from '../../test/support/fake-clock.js';
import { ApiError } from '../core/errors.js';
import { Expirable } from '../core/expirable.js';
import { Janitor } from './janitor.service.js';

class Shelf extends Expirable {
  readonly sweeps: number[] = [];

  constructor(
    readonly records: string,
    private readonly ended: number,
  ) {
    super();
  }

  async expire(now: number): Promise<number> {
    this.sweeps.push(now);
    if (this.ended < 0) throw new ApiError('unavailable');
    return this.ended;
  }
}

describe('Janitor', () => {
  it('sweeps every store once, also behind one that fails, and counts what had ended', async () => {
    const logged = jest.spyOn(Logger.prototype, 'error');
    const shelves = [new Shelf('books', 2), new Shelf('broken', -1), new Shelf('plates', 0)];
    const instances = [...shelves, shelves[0], undefined, null, {}, 'text'];
    const discovery = {
      getProviders: () => instances.map((instance) => ({ instance })),
    } as unknown as DiscoveryService;
    const [clock, registry] = [new FakeClock(), new Registry()];
    const janitor = new Janitor(discovery, clock, registry);
    janitor.onModuleInit();
    await janitor.sweep();
    await janitor.sweep();
    for (const { sweeps } of shelves) expect(sweeps).toEqual([clock.now(), clock.now()]);
    expect(logged).not.toHaveBeenCalled(); // that the store is away is logged by its link, once
    const metrics = await registry.metrics();
    expect(metrics).toContain('signalbox_janitor_expired_total{records="books"} 4');
    expect(metrics).toContain('signalbox_janitor_expired_total{records="plates"} 0');
  });
});
