import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Tally } from '../core/metrics/tally.js';

@Injectable()
export class RendezvousMetrics {
  readonly mints = new Tally({
    name: 'signalbox_codes_minted_total',
    help: 'Requests for a code, by outcome',
    label: 'outcome',
    values: ['minted', 'exhausted'],
  });
  readonly redeems = new Tally({
    name: 'signalbox_redeems_total',
    help: 'Well-formed requests to redeem a code, by outcome',
    label: 'outcome',
    values: ['redeemed', 'repeated', 'gone', 'locked'],
  });

  constructor(registry: Registry) {
    this.mints.expose(registry);
    this.redeems.expose(registry);
  }
}
