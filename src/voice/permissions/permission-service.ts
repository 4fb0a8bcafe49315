import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { ApiError } from '../../core/errors.js';
import { VoiceSwitch } from '../switch/voice-switch.js';
import { isDotSegment } from '../claims/ids.js';

/** How long the service may take to begin its answer, in ms: somebody waits to be let in. */
const ANSWER_WITHIN_MS = 2000;

/** Asks the service at PERMISSIONS_HOST whether a user may join a conversation. */
@Injectable()
export class PermissionService implements OnModuleInit {
  private readonly logger = new Logger(PermissionService.name);

  constructor(
    private readonly settings: Settings,
    private readonly voiceSwitch: VoiceSwitch,
  ) {}

  onModuleInit(): void {
    const { permissionsHost, dev } = this.settings;
    if (!this.voiceSwitch.on) return;
    if (!permissionsHost && dev) this.logger.warn('PERMISSIONS_HOST is not set: everyone may join every conversation');
  }

  /**
   * Returns if the user may join. Without PERMISSIONS_HOST everyone may in development, and nobody otherwise.
   * @throws ApiError `not_permitted` (401) if the answer is anything but 2xx, a redirect included; a redirect is not followed.
   * @throws ApiError `permissions_unavailable` (503) if there is no answer within {@link ANSWER_WITHIN_MS}.
   */
  async check(user: string, conversation: string): Promise<void> {
    const { permissionsHost, dev } = this.settings;
    if (isDotSegment(user) || isDotSegment(conversation)) throw new ApiError('not_permitted');
    if (!permissionsHost && dev) return;
    if (!permissionsHost) throw new ApiError('not_permitted');
    const path = `/user/${encodeURIComponent(user)}/conversation/${encodeURIComponent(conversation)}`;
    const status = await this.ask(new URL(permissionsHost.replace(/\/+$/, '') + path));
    if (status < 200 || status > 299) throw new ApiError('not_permitted');
  }

  private async ask(url: URL): Promise<number> {
    try {
      return await statusOf(url);
    } catch (error) {
      this.logger.warn(`the permission service does not answer: ${reasonOf(error)}`);
      throw new ApiError('permissions_unavailable', { 'Retry-After': '1' });
    }
  }
}

/** The status alone; the body is not read. A connection of its own: a kept one may turn out to have been closed. */
function statusOf(url: URL): Promise<number> {
  return new Promise((resolve, reject) => {
    const get = url.protocol === 'https:' ? getHttps : getHttp;
    const answered = (answer: IncomingMessage): void => {
      resolve(answer.statusCode ?? 0);
      answer.destroy();
    };
    get(url, { agent: false, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }, answered).on('error', reject);
  });
}

/** Without the URL, which has ids in it. */
function reasonOf(error: unknown): string {
  const { code, name } = error as { code?: string; name?: string };
  return String(code ?? name);
}
