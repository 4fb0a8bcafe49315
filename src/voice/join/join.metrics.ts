import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { ApiError } from '../../core/errors.js';
import { Tally } from '../../core/metrics/tally.js';

@Injectable()
export class JoinMetrics {
  readonly joins = new Tally({
    name: 'signalbox_voice_joins_total',
    help: 'Well-formed requests to join a conversation, by outcome',
    label: 'outcome',
    values: ['joined', 'not_permitted', 'permissions_unavailable', 'failed'],
  });

  constructor(registry: Registry) {
    this.joins.expose(registry);
  }

  refused(error: unknown): void {
    this.joins.add(error instanceof ApiError ? error.code : 'failed');
  }
}
