import { Module } from '@nestjs/common';
import { Contests } from './contests.js';
import { MailboxService } from './mailbox.service.js';
import { SignalingController } from './signaling.controller.js';
import { SignalingGateway } from './signaling.gateway.js';
import { SignalingMetrics } from './signaling.metrics.js';
import { SignalingService } from './signaling.service.js';

/** NoisyTransfer: rooms of two and their mail, on /ws. */
@Module({
  controllers: [SignalingController],
  providers: [SignalingGateway, SignalingService, MailboxService, Contests, SignalingMetrics],
})
export class SignalingModule {}
