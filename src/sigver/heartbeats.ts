import { Injectable } from '@nestjs/common';
import { Clock } from '../core/clock.js';
import { Deadlines } from '../core/deadlines.js';
import type { Peer } from './session.js';
import { HEARTBEAT, SigverClose } from './sigver.frames.js';
import { SigverMetrics } from './sigver.metrics.js';

/** From one heartbeat of the server to the next, the first one this long after the connection; Sigver's own number. */
export const HEARTBEAT_MS = 5000;

/** At the third tick without a heartbeat from the client its socket is closed; it has got two by then. */
const MISSED_LIMIT = 3;

/**
 * Heartbeats in both directions, neither an answer to the other: netflux closes when it misses the server's, and sends
 * its own unasked. One sweep for all sockets.
 */
@Injectable()
export class Heartbeats {
  private readonly ticks: Deadlines<Peer>;

  constructor(
    clock: Clock,
    private readonly metrics: SigverMetrics,
  ) {
    this.ticks = new Deadlines(clock, HEARTBEAT_MS, (peer) => this.tick(peer));
  }

  begin(peer: Peer): void {
    this.ticks.add(peer);
  }

  received({ session }: Peer): void {
    session.missed = 0;
  }

  end(peer: Peer): void {
    this.ticks.delete(peer);
  }

  private tick(peer: Peer): void {
    if (++peer.session.missed === MISSED_LIMIT) {
      this.metrics.closes.add(String(SigverClose.HeartbeatMissed));
      return peer.close(SigverClose.HeartbeatMissed, 'no heartbeat');
    }
    peer.send(HEARTBEAT);
    this.ticks.add(peer);
  }
}
