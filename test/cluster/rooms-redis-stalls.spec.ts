import { join } from '../e2e/signaling/peers.js';
import { killRedisServers, RedisServer } from '../support/redis-server.js';
import { dropSockets } from '../support/ws-client.js';
import { claimed, expectBusy, pairOn, relays, ROUNDS, survive } from './fault-rooms.js';
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

  it.each(ROUNDS)('stands still: live rooms are as they were (round %i)', async () => {
    await survive(
      cluster,
      redis,
      async () => redis.pause(),
      async () => redis.resume(),
    );
  });

  it.each(ROUNDS)('forgets everything while it is there: live rooms are entered again (round %i)', async () => {
    const { id, a, b } = await pairOn(...cluster.nodes);
    await redis.client.flushall();
    await claimed(redis, id);
    await relays(a, b);
    await expectBusy(cluster.node(1), id);
  });

  it('is lost while somebody waits for a side: it is told to come again', async () => {
    const { id } = await pairOn(...cluster.nodes);
    const waiting = await join(cluster.node(1), id, 'A');
    await waiting.settled();
    await redis.kill();
    expect(await waiting.end()).toMatchObject({ code: 1013 });
    await redis.start();
  });
});
