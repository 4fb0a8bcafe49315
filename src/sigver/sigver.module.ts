import { Module } from '@nestjs/common';
import { Bindings } from './bindings.js';
import { Heartbeats } from './heartbeats.js';
import { Joining } from './joining.js';
import { SigverController } from './sigver.controller.js';
import { SigverGateway } from './sigver.gateway.js';
import { SigverListener } from './sigver.listener.js';
import { SigverMetrics } from './sigver.metrics.js';
import { SigverService } from './sigver.service.js';

/** Groups of netflux peers: /sigver/:key, and a port of its own. */
@Module({
  controllers: [SigverController],
  providers: [SigverGateway, SigverListener, SigverService, Joining, Bindings, Heartbeats, SigverMetrics],
})
export class SigverModule {}
