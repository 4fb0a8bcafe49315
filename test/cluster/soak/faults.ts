import { setTimeout as delay } from 'node:timers/promises';
import type { RedisServer } from '../../support/redis-server.js';
import type { MailRoom } from './mail-room.js';
import type { Random } from './random.js';
import type { ShakyNode } from './shaky-node.js';

/** How long nothing happens to one thing between two faults, in ms. */
const CALM_MS = { least: 1500, most: 8000 };

/** Within this the others have buried a node that does not renew its lease, in ms: 9 s and a turn of 3 s. */
const LEASE_MS = 12_000;

/** Something that goes wrong, and is mended before it resolves. Its name stands in the report. */
type Fault = (random: Random) => Promise<void>;

const pause = (random: Random, most: number): Promise<void> => delay(random.between(0, most));

/** What happens to a node. One dark link in four outlasts its lease. */
export const nodeFaults = (node: ShakyNode): Record<string, Fault> => ({
  async kill(random) {
    await node.kill();
    await pause(random, 2000);
    await node.start();
  },
  async terminate(random) {
    await node.terminate();
    await pause(random, 1000);
    await node.start();
  },
  async 'reset link'() {
    node.link.reset();
  },
  async 'darken link'(random) {
    node.link.blackhole();
    await delay(random.chance(1 / 4) ? random.between(LEASE_MS, LEASE_MS + 4000) : random.between(0, 5000));
    node.link.restore();
  },
});

/** What happens to Redis, which keeps what it has answered for. */
export const redisFaults = (redis: RedisServer): Record<string, Fault> => ({
  async pause(random) {
    redis.pause();
    await pause(random, 5000);
    redis.resume();
  },
  async kill(random) {
    await redis.kill();
    await pause(random, 2000);
    await redis.start();
  },
});

/** What happens to clients, or what they do. */
export const clientFaults = (
  nodes: readonly ShakyNode[],
  rooms: readonly MailRoom[],
  everyone: readonly { move(): void }[],
): Record<string, Fault> => ({
  async reset(random) {
    random.pick(nodes).door.reset();
  },
  async strand(random) {
    random.pick(nodes).door.strand();
  },
  async swap(random) {
    random.pick(rooms).swap();
  },
  async move(random) {
    random.pick(everyone).move();
  },
});

/**
 * One fault after the other until then; the last may take longer. What happens is settled by the seed alone, when also
 * by the machine.
 * @param until ms since the epoch
 * @param tell hears of each fault, as it begins
 */
export async function strike(
  faults: Record<string, Fault>,
  random: Random,
  until: number,
  tell: (fault: string) => void,
): Promise<void> {
  for (;;) {
    await delay(random.between(CALM_MS.least, CALM_MS.most));
    if (Date.now() >= until) return;
    const name = random.pick(Object.keys(faults));
    tell(name);
    await faults[name]!(random);
  }
}
