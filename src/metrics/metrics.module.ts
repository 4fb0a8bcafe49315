import { Global, Module } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { Settings } from '../config/settings.js';
import { DELAY_EVERY_MS } from '../core/event-loop.js';
import { TransportStats } from '../core/websocket/transport-stats.js';
import { MetricsController } from './metrics.controller.js';

/** One registry per application, not the library's global one: several nodes can live in one process, as in the tests. */
@Global()
@Module({
  imports: [
    PrometheusModule.registerAsync({
      controller: MetricsController,
      inject: [Settings],
      useFactory: ({ metricsRoute }: Settings) => ({
        path: metricsRoute,
        controller: MetricsController,
        defaultMetrics: { enabled: false },
      }),
    }),
  ],
  providers: [
    {
      provide: Registry,
      inject: [TransportStats],
      useFactory: (stats: TransportStats) => {
        const registry = new Registry();
        collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: DELAY_EVERY_MS });
        stats.expose(registry);
        return registry;
      },
    },
  ],
  exports: [Registry],
})
export class MetricsModule {}
