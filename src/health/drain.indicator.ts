import { Injectable } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import { Lifecycle } from '../core/lifecycle.js';

/** Whether this node is on its way out. */
@Injectable()
export class DrainIndicator {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly lifecycle: Lifecycle,
  ) {}

  check() {
    const indicator = this.indicators.check('drain');
    return this.lifecycle.draining ? indicator.down('shutting down') : indicator.up();
  }
}
