import { Module } from '@nestjs/common';
import { PermissionService } from '../permissions/permission-service.js';
import { Whereabouts } from '../whereabouts/whereabouts.js';
import { JoinController } from './join.controller.js';
import { JoinMetrics } from './join.metrics.js';
import { JoinService } from './join.service.js';

/** POST /join, and what it decides: who is in which conversation. */
@Module({
  controllers: [JoinController],
  providers: [JoinService, JoinMetrics, PermissionService, Whereabouts],
  exports: [Whereabouts],
})
export class JoinModule {}
