import { pairOn, relays, ROUNDS, survive, takes } from './fault-rooms.js';
import { sharedCluster } from './shared-cluster.js';

jest.setTimeout(180_000);

describe('rooms over two nodes, when Redis', () => {
  const shared = sharedCluster();

  beforeEach(() => shared.cluster.answerReady(200));

  it.each(ROUNDS)('comes back empty: live rooms are as they were (round %i)', async () => {
    await survive(
      shared,
      () => shared.redis.kill(),
      () => shared.redis.start(),
    );
  });

  it.each(ROUNDS)('comes back with its data: live rooms are as they were (round %i)', async () => {
    const loss = async () => {
      await shared.redis.save();
      await shared.redis.kill();
    };
    await survive(shared, loss, () => shared.redis.start());
  });

  it.each(ROUNDS)('is away while somebody leaves: the side is free afterwards (round %i)', async () => {
    const { id, a, b } = await pairOn(...shared.cluster.nodes);
    await shared.redis.save();
    await shared.redis.kill();
    await shared.cluster.answerReady(503);
    await b.close();
    await shared.redis.start();
    await shared.cluster.answerReady(200);
    await relays(a, await takes(shared.cluster.node(0), id, 'B'));
  });
});
