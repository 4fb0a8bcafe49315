import { contestScenarios } from '../e2e/signaling/scenarios/contests.js';
import { relayScenarios } from '../e2e/signaling/scenarios/relay.js';
import type { Start } from '../e2e/signaling/peers.js';
import { RedisLink } from '../../src/storage/redis/redis-link.js';
import { killRedisServers, RedisServer } from '../support/redis-server.js';
import { startApp } from '../support/start-app.js';
import { settleBetween } from '../support/ws-client.js';

jest.setTimeout(120_000);

/**
 * Two nodes with one clock. What one has sent to Redis has been done there once a ping behind it is answered, and what
 * Redis has told the other has been handled once that one's ping is.
 */
const startTwo: Start = async (environment, clock) => {
  const redis = await RedisServer.start();
  const nodes = [
    await startApp({ ...environment, REDIS_URL: redis.url }, clock),
    await startApp({ ...environment, REDIS_URL: redis.url }, clock),
  ] as const;
  settleBetween(async () => {
    for (const { app } of [...nodes, ...nodes]) await app.get(RedisLink).command((client) => client.ping());
  });
  return {
    ws: nodes[0].ws,
    other: nodes[1],
    emptied: async () => void (await Promise.all(nodes.map((node) => node.emptied()))),
    close: async () => {
      settleBetween(async () => {});
      await Promise.all(nodes.map((node) => node.close()));
      await redis.dispose();
    },
  };
};

afterAll(killRedisServers);

describe('offer, answer, ice and sender_ready, between nodes', relayScenarios(startTwo));
describe('a newcomer on a side that somebody on another node holds', contestScenarios(startTwo));
