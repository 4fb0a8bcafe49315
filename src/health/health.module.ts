import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { DrainIndicator } from './drain.indicator.js';
import { HealthController } from './health.controller.js';
import { LoadIndicator } from './load.indicator.js';

@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [DrainIndicator, LoadIndicator],
})
export class HealthModule {}
