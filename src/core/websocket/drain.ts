import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { CloseCode } from '../errors.js';
import { Lifecycle } from '../lifecycle.js';
import { NodeBus } from '../rooms/node-bus.js';
import { Transport } from './transport.js';

/** Closing is spread so that a node's clients do not all reconnect to the next one in the same instant. */
const SPREAD_MS_PER_SOCKET = 2;
const LONGEST_SPREAD_MS = 2000;

/** Sockets whose client has not answered the close frame by then are cut, in ms. */
const PATIENCE_MS = 2500;

/** How often the drain looks whether everybody has gone, in ms. */
const LOOK_MS = 20;

/**
 * The orderly end: not ready first, places free for who comes back on another node, DRAIN_DELAY for load balancers to
 * notice (relays go on meanwhile), then no new sockets, and every socket of every protocol closed with 1001.
 */
@Injectable()
export class Drain implements BeforeApplicationShutdown {
  private readonly logger = new Logger(Drain.name);

  constructor(
    private readonly settings: Settings,
    private readonly lifecycle: Lifecycle,
    private readonly transport: Transport,
    private readonly bus: NodeBus,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    const { connections } = this.transport;
    this.lifecycle.draining = true;
    this.logger.log({ message: 'draining', sockets: connections.size });
    void this.bus.retire(); // nobody waits for a Redis that may be away
    await sleep(this.settings.drainDelay);
    this.lifecycle.refusing = true;
    const spread = Math.min(LONGEST_SPREAD_MS, connections.size * SPREAD_MS_PER_SOCKET);
    for (const connection of connections) {
      setTimeout(() => connection.close(CloseCode.GoingAway, 'going away'), Math.random() * spread);
    }
    const deadline = Date.now() + spread + PATIENCE_MS;
    while (connections.size > 0 && Date.now() < deadline) await sleep(LOOK_MS);
    for (const connection of connections) void connection.evict();
    this.logger.log('drained');
  }
}
