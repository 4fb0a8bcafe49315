import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import { Degradations } from './degradations.js';
import { DependencyIndicator } from './dependency.indicator.js';
import { DrainIndicator } from './drain.indicator.js';
import { HealthController } from './health.controller.js';
import { LoadIndicator } from './load.indicator.js';

/** /healthz and /readyz. */
@Module({
  imports: [DiscoveryModule, TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [Degradations, DependencyIndicator, DrainIndicator, LoadIndicator],
})
export class HealthModule {}
