import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import { Settings } from '../config/settings.js';
import { Clock } from '../core/clock.js';
import { DELAY_EVERY_MS } from '../core/event-loop.js';
import { TransportStats } from '../core/websocket/transport-stats.js';

/** How often the event loop's delay is judged, in ms: a single long step is no overload. */
const JUDGE_EVERY_MS = 5000;

/** The event loop is overloaded when half of its turns are later than this, in ms: relays would feel it. */
const OVERLOADED_MS = 250;

const NANOSECONDS_PER_MS = 1e6;

/** Whether this node can take more: room for sockets, and an event loop that keeps up. */
@Injectable()
export class LoadIndicator implements OnModuleDestroy {
  private readonly delay = monitorEventLoopDelay({ resolution: DELAY_EVERY_MS });
  private readonly timer;
  private delayMs = 0;

  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly settings: Settings,
    private readonly stats: TransportStats,
    clock: Clock,
  ) {
    this.delay.enable();
    this.timer = clock.every(JUDGE_EVERY_MS, () => this.judge());
  }

  onModuleDestroy(): void {
    this.timer.cancel();
    this.delay.disable();
  }

  check() {
    const indicator = this.indicators.check('load');
    const details = { sockets: this.stats.open, eventLoopDelayMs: Math.round(this.delayMs) };
    const overloaded = this.stats.open >= this.settings.maxConnections || this.delayMs > OVERLOADED_MS;
    return overloaded ? indicator.down(details) : indicator.up(details);
  }

  private judge(): void {
    const median = this.delay.percentile(50) / NANOSECONDS_PER_MS;
    this.delayMs = Math.max(0, median - DELAY_EVERY_MS);
    this.delay.reset();
  }
}
