import { bindingScenarios } from '../e2e/sigver/scenarios/bindings.js';
import { byteScenarios } from '../e2e/sigver/scenarios/bytes.js';
import { groupScenarios } from '../e2e/sigver/scenarios/groups.js';
import type { UrlOf } from '../e2e/sigver/scenarios/peers.js';
import { killRedisServers, RedisServer } from '../support/redis-server.js';
import { dropSockets } from '../support/ws-client.js';
import { TwoNodes } from './two-nodes.js';

jest.setTimeout(120_000);

describe('Sigver over two nodes', () => {
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

  const urlOf: UrlOf = (peer, key, query = '') => `${cluster.node(peer).ws}/sigver/${key}${query}`;

  describe('has groups: it', () => groupScenarios(urlOf));
  describe('binds joiners to members: a binding', () => bindingScenarios(urlOf));
  describe('speaks protobuf: it', () => byteScenarios(urlOf));
});
