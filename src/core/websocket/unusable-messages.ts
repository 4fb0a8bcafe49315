import { Injectable } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { Clock } from '../clock.js';
import { CloseCode } from '../errors.js';
import { MINUTE_MS } from '../limits/rate-counter.js';
import type { Connection } from './connection.js';

type Closable = Pick<Connection, 'close'>;

/** Counts what a socket sends that its protocol cannot use; more than WS_BAD_FRAMES_PER_MIN a minute closes it with 4501. */
@Injectable()
export class UnusableMessages {
  private readonly limit: number;
  /** Only of those that sent any: most never do. */
  private readonly minutes = new WeakMap<Closable, { count: number; endsAt: number }>();

  constructor(
    settings: Settings,
    private readonly clock: Clock,
  ) {
    this.limit = settings.wsBadFramesPerMin;
  }

  count(connection: Closable): void {
    if (this.limit === 0) return;
    const now = this.clock.now();
    let minute = this.minutes.get(connection);
    if (!minute || now >= minute.endsAt) {
      minute = { count: 0, endsAt: now + MINUTE_MS };
      this.minutes.set(connection, minute);
    }
    if (++minute.count > this.limit) connection.close(CloseCode.TooManyBadFrames, 'too many unusable frames');
  }
}
