import { Module } from '@nestjs/common';
import { RendezvousController } from './rendezvous.controller.js';
import { RendezvousMetrics } from './rendezvous.metrics.js';
import { RendezvousService } from './rendezvous.service.js';

/** Pairing codes: /rendezvous/*. */
@Module({
  controllers: [RendezvousController],
  providers: [RendezvousService, RendezvousMetrics],
})
export class RendezvousModule {}
