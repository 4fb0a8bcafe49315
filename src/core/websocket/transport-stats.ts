import { Injectable } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { Distribution } from '../metrics/distribution.js';
import { exposeCounter, exposeGauge } from '../metrics/gauge.js';
import { Tally } from '../metrics/tally.js';

const BYTES = [64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576];
const SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** What the transport counts, as plain numbers. */
@Injectable()
export class TransportStats {
  /** Sockets opened since the start. */
  connections = 0;
  /** Sockets and handshakes now. */
  open = 0;
  readonly rtt = new Distribution(SECONDS);
  readonly closes = new Tally({
    name: 'signalbox_ws_closes_total',
    help: 'Sockets ended, by close code (of the side that closed first)',
    label: 'code',
    values: [
      '1000',
      '1001',
      '1002',
      '1003',
      '1005',
      '1006',
      '1007',
      '1008',
      '1009',
      '1011',
      '1013',
      '4000',
      '4001',
      '4002',
      '4500',
      '4501',
      '4502',
      'other',
    ],
  });
  readonly rejections = new Tally({
    name: 'signalbox_ws_rejections_total',
    help: 'Handshakes refused, by reason',
    label: 'reason',
    values: [
      'bad_request',
      'invalid_app_id',
      'invalid_side',
      'invalid_room',
      'bad_claim',
      'forbidden_origin',
      'rate_limited',
      'too_many_connections',
      'over_capacity',
      'unavailable',
      'draining',
      'bad_handshake',
      'not_found',
      'other',
    ],
  });
  private readonly bytesIn = new Distribution(BYTES);
  private readonly bytesOut = new Distribution(BYTES);

  frameIn(bytes: number): void {
    this.bytesIn.observe(bytes);
  }

  frameOut(bytes: number): void {
    this.bytesOut.observe(bytes);
  }

  expose(registry: Registry): void {
    exposeCounter(registry, 'nt_ws_connections_total', 'WebSockets opened', () => this.connections);
    exposeGauge(registry, 'signalbox_ws_open', 'WebSockets now, handshakes included', () => this.open);
    Distribution.expose(registry, 'nt_ws_rtt_seconds', 'Round trip of a ping', this.rtt);
    const directions = { in: this.bytesIn, out: this.bytesOut };
    Distribution.expose(registry, 'nt_ws_frame_bytes', 'Size of messages', directions, 'dir');
    this.closes.expose(registry);
    this.rejections.expose(registry);
  }
}
