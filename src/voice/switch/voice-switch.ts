import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { ApiError } from '../../core/errors.js';
import { AbsentPaths } from '../../core/http/absent-paths.js';

/** Whether this server has voice conversations (VOICE); where it has not, their paths do not exist. */
@Injectable()
export class VoiceSwitch implements OnModuleInit {
  private readonly logger = new Logger('voice');
  readonly on: boolean;

  constructor(
    private readonly settings: Settings,
    absent: AbsentPaths,
  ) {
    const { voice, permissionsHost, dev } = settings;
    this.on = voice === 'on' || (voice === 'auto' && (permissionsHost !== '' || dev));
    if (!this.on) absent.add('connect', 'join');
  }

  onModuleInit(): void {
    if (!this.on && this.settings.voice === 'auto') this.logger.log('off: neither PERMISSIONS_HOST nor DEV is set');
  }

  /** @throws ApiError `not_found` where voice is off. */
  assertOn(): void {
    if (!this.on) throw new ApiError('not_found');
  }
}
