import { RedisLink } from '../../src/storage/redis/redis-link.js';
import type { Start } from '../e2e/signaling/peers.js';
import { RedisServer } from '../support/redis-server.js';
import { startApp } from '../support/start-app.js';
import { settleBetween } from '../support/ws-client.js';

/**
 * Two nodes with one clock. What one has sent to Redis has been done there once a ping behind it is answered, and what
 * Redis has told the other has been handled once that one's ping is.
 */
export const startTwo: Start = async (environment, clock) => {
  const redis = await RedisServer.start();
  const settings = { ...environment, REDIS_URL: redis.url };
  const nodes = [await startApp(settings, clock), await startApp(settings, clock)] as const;
  settleBetween(async () => {
    for (const { app } of [...nodes, ...nodes]) await app.get(RedisLink).command((client) => client.ping());
  });
  const { ws, http, port } = nodes[0];
  return {
    ws,
    http,
    port,
    other: nodes[1],
    open: () => nodes[0].open() + nodes[1].open(),
    close: async () => {
      settleBetween(async () => {});
      await Promise.all(nodes.map((node) => node.close()));
      await redis.dispose();
    },
  };
};
