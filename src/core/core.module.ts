import { Global, Module } from '@nestjs/common';
import { Clock, SystemClock } from './clock.js';
import { Lifecycle } from './lifecycle.js';
import { AbsentPaths } from './http/absent-paths.js';
import { ClientAddress } from './limits/client-address.js';
import { HttpRateModule } from './limits/http-rate.guard.js';
import { OriginPolicy } from './limits/origin-policy.js';
import { LocalMembers } from './rooms/local-members.js';
import { RoomRegistry } from './rooms/room-registry.js';
import { Admission } from './websocket/admission.js';
import { Drain } from './websocket/drain.js';
import { Transport } from './websocket/transport.js';
import { TransportStats } from './websocket/transport-stats.js';
import { UnusableMessages } from './websocket/unusable-messages.js';
import { Upgrades } from './websocket/upgrades.js';

/** What every protocol stands on: time, rooms, limits and the WebSocket transport. */
@Global()
@Module({
  imports: [HttpRateModule],
  providers: [
    { provide: Clock, useClass: SystemClock },
    Lifecycle,
    AbsentPaths,
    ClientAddress,
    OriginPolicy,
    LocalMembers,
    RoomRegistry,
    Admission,
    Drain,
    Transport,
    TransportStats,
    UnusableMessages,
    Upgrades,
  ],
  exports: [
    AbsentPaths,
    Clock,
    Lifecycle,
    ClientAddress,
    OriginPolicy,
    LocalMembers,
    RoomRegistry,
    Transport,
    TransportStats,
    UnusableMessages,
    Upgrades,
  ],
})
export class CoreModule {}
