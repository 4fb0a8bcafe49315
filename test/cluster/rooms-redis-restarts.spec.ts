import { killRedisServers, RedisServer } from '../support/redis-server.js';
import { dropSockets } from '../support/ws-client.js';
import { pairOn, relays, ROUNDS, survive, takes } from './fault-rooms.js';
import { TwoNodes } from './two-nodes.js';

jest.setTimeout(180_000);

describe('rooms over two nodes, when Redis', () => {
  let redis: RedisServer;
  let cluster: TwoNodes;

  beforeAll(async () => {
    redis = await RedisServer.start();
    cluster = await TwoNodes.start(redis.url);
  });
  beforeEach(() => cluster.answerReady(200));
  afterEach(dropSockets);
  afterAll(async () => {
    await cluster.close();
    await killRedisServers();
  });

  it.each(ROUNDS)('comes back empty: live rooms are as they were (round %i)', async () => {
    await survive(
      cluster,
      redis,
      () => redis.kill(),
      () => redis.start(),
    );
  });

  it.each(ROUNDS)('comes back with its data: live rooms are as they were (round %i)', async () => {
    const loss = async () => {
      await redis.save();
      await redis.kill();
    };
    await survive(cluster, redis, loss, () => redis.start());
  });

  it.each(ROUNDS)('is away while somebody leaves: the side is free afterwards (round %i)', async () => {
    const { id, a, b } = await pairOn(...cluster.nodes);
    await redis.save();
    await redis.kill();
    await cluster.answerReady(503);
    await b.close();
    await redis.start();
    await cluster.answerReady(200);
    await relays(a, await takes(cluster.node(0), id, 'B'));
  });
});
