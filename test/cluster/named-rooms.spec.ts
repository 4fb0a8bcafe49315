import { displacement } from '../e2e/named-rooms/scenarios/displacement.js';
import { proof } from '../e2e/named-rooms/scenarios/proof.js';
import { registering } from '../e2e/named-rooms/scenarios/registering.js';
import { relaying } from '../e2e/named-rooms/scenarios/relaying.js';
import { rosters } from '../e2e/named-rooms/scenarios/rosters.js';
import { killRedisServers, RedisServer } from '../support/redis-server.js';
import { dropSockets } from '../support/ws-client.js';
import { TwoNodes } from './two-nodes.js';

jest.setTimeout(120_000);

describe('named rooms over two nodes', () => {
  let redis: RedisServer;
  let cluster: TwoNodes;

  beforeAll(async () => {
    redis = await RedisServer.start();
    cluster = await TwoNodes.start(redis.url);
  });
  afterEach(dropSockets);
  afterAll(async () => {
    await cluster.close();
    await killRedisServers();
  });

  const nodes = () => [cluster.nodes[0].ws, cluster.nodes[1].ws] as const;

  describe('registering', () => registering(nodes));
  describe('rosters', () => rosters(nodes));
  describe('relaying', () => relaying(nodes));
  describe('proof', () => proof(nodes));
  describe('one key twice', () => displacement(nodes));
});
