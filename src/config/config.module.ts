import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { type Environment, parseSettings } from './parse-settings.js';
import { Settings } from './settings.js';

/** Provides the validated {@link Settings} to every module, by class. */
@Global()
@Module({})
export class SettingsModule {
  /** Nest's ConfigModule validates; what it validated is handed on typed and frozen. */
  static forRoot(environment: Environment): DynamicModule {
    return {
      module: SettingsModule,
      imports: [
        ConfigModule.forRoot({
          ignoreEnvFile: true,
          ignoreEnvVars: true,
          validate: () => ({ settings: parseSettings(environment) }),
        }),
      ],
      providers: [
        {
          provide: Settings,
          inject: [ConfigService],
          useFactory: (config: ConfigService) => config.getOrThrow<Settings>('settings'),
        },
      ],
      exports: [Settings],
    };
  }
}
