import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import type { Clock, Timer } from '../../core/clock.js';
import { reportFault } from '../../core/report-fault.js';
import { KEY_PREFIX, type RedisLink } from './redis-link.js';

/** How long a node is believed to live after it last said so, in ms. */
const LEASE_MS = 9000;

/** How often it says so and looks at the others, in ms: who is gone is missed within 9 + 3 s, with no turn to spare. */
const RENEW_MS = 3000;

/** What a lease says: that the node lives, or that it is about to end and gives up its members' places to who wants them. */
type Word = 'living' | 'retiring';

/** Of some nodes, those that are gone and those that are about to go. */
export interface Judgement {
  gone: string[];
  retiring: string[];
}

/** One key: all leases live in one slot of a Redis Cluster, so that one call reads them. */
function leaseKey(node: string): string {
  return `${KEY_PREFIX}{node}:${node}`;
}

/**
 * Who is alive. A node is judged only by one that has had its own lease all along: after Redis was away, or has come back
 * empty, each node gets a whole lease's time to return before anybody takes it for dead.
 */
export class NodeLeases {
  private readonly logger = new Logger(NodeLeases.name);
  private readonly watched = new Set<string>();
  private readonly goneListeners: ((node: string) => Promise<void>)[] = [];
  private readonly returnListeners: (() => void)[] = [];
  private word: Word = 'living';
  /** Since when this node's lease has been renewed without a gap, in ms since the epoch; undefined while it is not. */
  private steadySince: number | undefined;
  private timer: Timer | undefined;

  constructor(
    private readonly link: RedisLink,
    private readonly node: string,
    private readonly clock: Clock,
  ) {
    link.onDown(() => (this.steadySince = undefined));
    link.onUp(() => void this.renew());
  }

  start(): void {
    this.timer = this.clock.every(RENEW_MS, () => void this.turn());
  }

  async stop(): Promise<void> {
    this.timer?.cancel();
    await this.try((redis) => redis.del(leaseKey(this.node)));
  }

  /** Looks at this node from now on, until it has been told that it is gone. */
  watch(node: string): void {
    this.watched.add(node);
  }

  /** Tells, once per turn until the listener has succeeded, that a node is gone. */
  onGone(listener: (node: string) => Promise<void>): void {
    this.goneListeners.push(listener);
  }

  /** Tells when Redis can be used again, and when it has forgotten that this node is there: it may have forgotten more. */
  onReturn(listener: () => void): void {
    this.returnListeners.push(listener);
  }

  /** The other nodes may have the places of this one's members. */
  async retire(): Promise<void> {
    this.word = 'retiring';
    await this.renew();
  }

  /** @throws ApiError `unavailable` */
  async judge(nodes: readonly string[]): Promise<Judgement> {
    if (nodes.length === 0) return { gone: [], retiring: [] };
    const keys = [this.node, ...nodes].map(leaseKey);
    const [own, ...words] = await this.link.command((redis) => redis.mget(keys));
    const isSteady = this.steadySince !== undefined && this.clock.now() - this.steadySince >= LEASE_MS;
    const mayJudge = isSteady && own !== null; // Redis may have been emptied since the last turn
    return {
      gone: nodes.filter((_, i) => mayJudge && words[i] === null),
      retiring: nodes.filter((_, i) => words[i] === 'retiring'),
    };
  }

  private async turn(): Promise<void> {
    await this.renew();
    try {
      const { gone } = await this.judge([...this.watched]);
      for (const node of gone) await this.bury(node);
    } catch (error) {
      reportFault(this.logger, error); // the next turn looks again
    }
  }

  private async renew(): Promise<void> {
    if (!this.link.up) return;
    const before = await this.try((redis) => redis.set(leaseKey(this.node), this.word, 'PX', LEASE_MS, 'GET'));
    if (before === undefined) this.steadySince = undefined;
    else if (before === null || this.steadySince === undefined) this.returned();
  }

  private returned(): void {
    this.steadySince = this.clock.now();
    for (const listener of this.returnListeners) listener();
  }

  private async bury(node: string): Promise<void> {
    await Promise.all(this.goneListeners.map((listener) => listener(node)));
    this.watched.delete(node);
  }

  /** Undefined when it failed. */
  private async try<T>(send: (redis: Redis) => Promise<T>): Promise<T | undefined> {
    try {
      return await this.link.command(send);
    } catch (error) {
      reportFault(this.logger, error);
      return undefined;
    }
  }
}
