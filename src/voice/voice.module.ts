import { Module } from '@nestjs/common';
import { ConnectController } from './connect.controller.js';
import { ConnectGateway } from './connect.gateway.js';
import { JoinController } from './join/join.controller.js';
import { MediaService } from './media.service.js';
import { VoiceMetrics } from './voice.metrics.js';
import { VoiceService } from './voice.service.js';
import { VoiceSwitch } from './voice-switch.js';
import { Whereabouts } from './whereabouts.js';

@Module({
  controllers: [ConnectController, JoinController],
  providers: [ConnectGateway, VoiceService, MediaService, VoiceMetrics, VoiceSwitch, Whereabouts],
})
export class VoiceModule {}
