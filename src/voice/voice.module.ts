import { Module } from '@nestjs/common';
import { ConnectController } from './connect.controller.js';
import { ConnectGateway } from './connect.gateway.js';
import { Devices } from './devices/devices.js';
import { JoinController } from './join/join.controller.js';
import { JoinMetrics } from './join/join.metrics.js';
import { JoinService } from './join/join.service.js';
import { MediaService } from './media.service.js';
import { NodesLink } from './nodes/nodes-link.js';
import { Stamps } from './nodes/stamps.js';
import { PermissionService } from './permissions/permission-service.js';
import { VoiceSwitch } from './switch/voice-switch.js';
import { VoiceMetrics } from './voice.metrics.js';
import { VoiceService } from './voice.service.js';
import { Whereabouts } from './whereabouts/whereabouts.js';

/** /connect and the media behind it; /join, and who is in which conversation. */
@Module({
  controllers: [ConnectController, JoinController],
  providers: [
    VoiceSwitch,
    ConnectGateway,
    VoiceService,
    MediaService,
    VoiceMetrics,
    JoinService,
    JoinMetrics,
    PermissionService,
    NodesLink,
    Stamps,
    Whereabouts,
    Devices,
  ],
})
export class VoiceModule {}
