import { eventually } from '../support/eventually.js';
import { ROUNDS, survive } from './fault-rooms.js';
import { sharedCluster } from './shared-cluster.js';
import { PATIENCE } from './two-nodes.js';

jest.setTimeout(180_000);

/** Longer than a lease: when Redis goes on, all nodes look dead. */
const PAUSE_MS = 10_000;

describe('rooms over two nodes, when Redis', () => {
  const shared = sharedCluster();

  it.each(ROUNDS)('stands still for ten seconds: live rooms are as they were (round %i)', async () => {
    let since = 0;
    const pause = async () => {
      since = performance.now();
      shared.redis.pause();
    };
    const resume = async () => {
      await eventually(() => performance.now() - since >= PAUSE_MS, PATIENCE);
      shared.redis.resume();
    };
    await survive(shared, pause, resume);
  });
});
