import type { Clock } from '../../src/core/clock.js';
import { RedisLink } from '../../src/storage/redis/redis-link.js';
import { RedisServer } from './redis-server.js';
import { startApp } from './start-app.js';
import { settleBetween } from './ws-client.js';

interface Server {
  ws: string;
  http: string;
  port: number;
}

/** One server or two; either way with one clock. */
export interface Started extends Server {
  /** Where the other half of a scenario's peers connects; the same server if absent. */
  other?: Server;
  close(): Promise<void>;
  /** How many sockets are open. */
  open(): number;
}

export type Start = (environment?: Record<string, string>, clock?: Clock) => Promise<Started>;

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

/** Where a scenario takes place: nobody in it can tell. */
export const PLACES: [place: string, start: Start][] = [
  ['on one node', startApp],
  ['on two nodes', startTwo],
];
