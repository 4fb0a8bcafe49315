import { setTimeout as sleep } from 'node:timers/promises';
import { HealthIndicatorService } from '@nestjs/terminus';
import { FakeClock } from '../../test/support/fake-clock.js';
import type { Settings } from '../config/settings.js';
import type { TransportStats } from '../core/websocket/transport-stats.js';
import { LoadIndicator } from './load.indicator.js';

const JUDGED_EVERY_MS = 5000;

describe('LoadIndicator', () => {
  const clock = new FakeClock();
  const stats = { open: 0 };
  const load = new LoadIndicator(
    new HealthIndicatorService(),
    { maxConnections: 2 } as Settings,
    stats as TransportStats,
    clock,
  );

  beforeEach(() => {
    stats.open = 0;
  });
  afterAll(() => load.onModuleDestroy());

  /** Lets the event loop turn five times, each turn taking this long, and lets it be judged. */
  async function turn(ms: number): Promise<void> {
    for (let i = 0; i < 5; i++) {
      const until = performance.now() + ms;
      while (performance.now() < until);
      await sleep(1);
    }
    clock.advance(JUDGED_EVERY_MS);
  }

  it('is down while every socket is taken', () => {
    stats.open = 1;
    expect(load.check()).toMatchObject({ load: { status: 'up', sockets: 1 } });
    stats.open = 2;
    expect(load.check()).toMatchObject({ load: { status: 'down', sockets: 2 } });
  });

  it('is down while the event loop is late, and up again when it is not', async () => {
    await turn(600);
    const { load: late } = load.check() as { load: { status: string; eventLoopDelayMs: number } };
    expect(late.status).toBe('down');
    expect(late.eventLoopDelayMs).toBeGreaterThan(400);
    await turn(60);
    expect(load.check()).toMatchObject({ load: { status: 'up' } });
  });
});
