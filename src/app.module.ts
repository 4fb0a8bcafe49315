import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { SettingsModule } from './config/config.module.js';
import type { Environment } from './config/parse-settings.js';
import { CoreModule } from './core/core.module.js';
import { HttpErrorFilter } from './core/http/http-error.filter.js';
import { HealthModule } from './health/health.module.js';
import { JanitorModule } from './janitor/janitor.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { NamedRoomsModule } from './named-rooms/named-rooms.module.js';
import { RendezvousModule } from './rendezvous/rendezvous.module.js';
import { SignalingModule } from './signaling/signaling.module.js';
import { SigverModule } from './sigver/sigver.module.js';
import { StorageModule } from './storage/storage.module.js';
import { VoiceModule } from './voice/voice.module.js';

/** The whole server: the list of its parts, and nothing else. */
@Module({
  imports: [
    CoreModule,
    StorageModule,
    MetricsModule,
    HealthModule,
    JanitorModule,
    RendezvousModule,
    SignalingModule,
    NamedRoomsModule,
    SigverModule,
    VoiceModule,
  ],
  providers: [{ provide: APP_FILTER, useClass: HttpErrorFilter }],
})
export class AppModule {
  static forRoot(environment: Environment): DynamicModule {
    return { module: AppModule, imports: [SettingsModule.forRoot(environment)] };
  }
}
