import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { exposeGauge } from '../core/metrics/gauge.js';
import { Tally } from '../core/metrics/tally.js';
import { RoomRegistry } from '../core/rooms/room-registry.js';
import { ROOM_PREFIX } from './session.js';

@Injectable()
export class SigverMetrics {
  /** Open sockets with a key. */
  peers = 0;
  readonly connects = new Tally({
    name: 'signalbox_sigver_connects_total',
    help: 'Answered connects, by what became of the peer',
    label: 'outcome',
    values: ['founds', 'joins', 'replaces', 'bound'],
  });
  readonly contents = new Tally({
    name: 'signalbox_sigver_contents_total',
    help: 'Contents passed on, dropped, and written as end marks',
    label: 'outcome',
    values: ['relayed', 'end_mark', 'dropped'],
  });
  readonly closes = new Tally({
    name: 'signalbox_sigver_closes_total',
    help: 'Sockets closed by the protocol, by code',
    label: 'code',
    values: ['4741', '4742', '4743', '4744'],
  });

  constructor(registry: Registry, rooms: RoomRegistry) {
    exposeGauge(registry, 'signalbox_sigver_peers', 'Sigver sockets', () => this.peers);
    exposeGauge(
      registry,
      'signalbox_sigver_groups',
      'Groups with members on this node',
      () => Array.from(rooms.withPrefix(ROOM_PREFIX)).length,
    );
    for (const tally of [this.connects, this.contents, this.closes]) tally.expose(registry);
  }
}
