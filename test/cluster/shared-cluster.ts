import { killRedisServers, RedisServer } from '../support/redis-server.js';
import { dropSockets } from '../support/ws-client.js';
import { TwoNodes } from './two-nodes.js';

/** For a whole `describe`: two nodes and their Redis, there before its first test and gone after its last. */
export function sharedCluster(): { readonly redis: RedisServer; readonly cluster: TwoNodes } {
  const shared = {} as { redis: RedisServer; cluster: TwoNodes };
  beforeAll(async () => {
    shared.redis = await RedisServer.start();
    shared.cluster = await TwoNodes.start(shared.redis.url);
  });
  afterEach(dropSockets);
  afterAll(async () => {
    await shared.cluster.close();
    await killRedisServers();
  });
  return shared;
}
