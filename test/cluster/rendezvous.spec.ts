import { randomUUID } from 'node:crypto';
import { join, wsUrl } from '../e2e/signaling/peers.js';
import { http } from '../support/raw-http.js';
import { killRedisServers, RedisServer } from '../support/redis-server.js';
import { dropSockets, refusal } from '../support/ws-client.js';
import { minted, redeem, statuses } from './rendezvous-client.js';
import { TwoNodes } from './two-nodes.js';

jest.setTimeout(120_000);

const PARALLEL = 200;

describe('rendezvous on two nodes', () => {
  let redis: RedisServer;
  let cluster: TwoNodes | undefined;

  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  beforeEach(() => redis.client.flushall());
  afterEach(async () => {
    dropSockets();
    await cluster?.close();
    cluster = undefined;
  });
  afterAll(killRedisServers);

  const start = async (settings: Record<string, string> = {}): Promise<TwoNodes> =>
    (cluster = await TwoNodes.start(redis.url, settings));

  it('redeems on either what the other has minted, once', async () => {
    const { nodes } = await start();
    for (const [minting, redeeming] of [nodes, [...nodes].reverse()]) {
      const { code, appID, expiresAt } = await minted(minting);
      await redeem(redeeming, code).expect(200, { appID, expiresAt });
      for (const node of nodes) await redeem(node, code).expect(410);
    }
  });

  it('mints no code twice', async () => {
    const both = await start();
    const all = await Promise.all(Array.from({ length: PARALLEL }, (_, i) => minted(both.node(i))));
    expect(new Set(all.map(({ code }) => code)).size).toBe(PARALLEL);
  });

  it('counts failed redeems over both, and locks out on both', async () => {
    const both = await start({ REDEEM_FAILS_PER_MIN: '10' });
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => redeem(both.node(i), `${10_000_000 + i}`)));
    expect(statuses(answers)).toEqual({ 410: 10, 429: 90 });
    const { code } = await minted(both.node(0));
    for (const node of both.nodes) {
      const { headers } = await redeem(node, code).expect(429);
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60);
    }
  });

  it('counts API requests over both', async () => {
    const both = await start({ HTTP_RATE_PER_MIN: '10' });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => http(both.node(i)).post('/rendezvous/code')),
    );
    expect(statuses(answers)).toEqual({ 200: 10, 429: 30 });
  });

  it('counts handshakes over both', async () => {
    const both = await start({ WS_RATE_PER_MIN: '10' });
    const tries = Array.from({ length: 40 }, (_, i) => join(both.node(i), randomUUID(), 'A'));
    const outcomes = await Promise.allSettled(tries);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect((await refusal(wsUrl(both.node(0), randomUUID(), 'A'))).status).toBe(429);
  });
});
