import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { HealthIndicatorService } from '@nestjs/terminus';
import { Gauge, Registry } from 'prom-client';
import { Dependency } from '../core/dependency.js';
import { providersOf } from '../core/providers-of.js';

/** Whether everything is there that this node needs besides itself. */
@Injectable()
export class DependencyIndicator implements OnModuleInit {
  private dependencies: Dependency[] = [];

  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly discovery: DiscoveryService,
    private readonly registry: Registry,
  ) {}

  onModuleInit(): void {
    const dependencies = (this.dependencies = providersOf(this.discovery, Dependency));
    new Gauge({
      name: 'signalbox_dependency_up',
      help: 'Whether what this node cannot do without is there',
      labelNames: ['dependency'],
      registers: [this.registry],
      collect() {
        for (const { dependency, up } of dependencies) this.set({ dependency }, Number(up));
      },
    });
  }

  /** One check for each. */
  checks() {
    return this.dependencies.map((dependency) => () => this.check(dependency));
  }

  private check({ dependency, up, since }: Dependency) {
    const indicator = this.indicators.check(dependency);
    const details = { since: new Date(since).toISOString() };
    return up ? indicator.up(details) : indicator.down(details);
  }
}
