import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { exposeGauge } from '../core/metrics/gauge.js';
import { Tally } from '../core/metrics/tally.js';
import { RoomRegistry } from '../core/rooms/room-registry.js';
import { ROOM_ERROR_CODES } from './named-rooms.errors.js';
import { RELAYED } from './named-rooms.frames.js';
import { ROOM_PREFIX } from './visit.js';

@Injectable()
export class NamedRoomsMetrics {
  readonly relayed = new Tally({
    name: 'signalbox_rooms_relayed_total',
    help: 'Frames passed on in named rooms, by type',
    label: 'type',
    values: RELAYED,
  });
  readonly errors = new Tally({
    name: 'signalbox_rooms_errors_total',
    help: 'Error frames in named rooms, by code',
    label: 'code',
    values: ROOM_ERROR_CODES,
  });
  readonly displaced = new Tally({
    name: 'signalbox_rooms_displaced_total',
    help: 'Holders of an id that had to make way for another connection, by what was wrong with them',
    label: 'holder',
    values: ['unproven', 'dead'],
  });

  constructor(registry: Registry, rooms: RoomRegistry) {
    for (const tally of [this.relayed, this.errors, this.displaced]) tally.expose(registry);
    exposeGauge(registry, 'signalbox_rooms_active', 'Named rooms with somebody of this node in them', () =>
      sum(rooms, () => 1),
    );
    exposeGauge(registry, 'signalbox_rooms_peers', 'Sockets of this node that have registered in a named room', () =>
      sum(rooms, (locals) => locals),
    );
  }
}

function sum(rooms: RoomRegistry, weigh: (locals: number) => number): number {
  let total = 0;
  for (const { locals } of rooms.withPrefix(ROOM_PREFIX)) total += weigh(locals.size);
  return total;
}
