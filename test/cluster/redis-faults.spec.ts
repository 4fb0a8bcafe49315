import { randomUUID } from 'node:crypto';
import { COMMAND_TIMEOUT_MS } from '../../src/storage/redis/redis-options.js';
import { killRedisServers, RedisServer } from '../support/redis-server.js';
import { http, type Reply } from '../support/raw-http.js';
import { eventually } from '../support/eventually.js';
import { dropSockets, refusal } from '../support/ws-client.js';
import { mint, minted, redeem, redeemed } from './rendezvous-client.js';
import { PATIENCE, TwoNodes } from './two-nodes.js';
import { workTogether } from './work-together.js';

jest.setTimeout(180_000);

/** Far above what a command may take (2 s), far below what a client would wait. */
const PROMPTLY_MS = 10_000;

describe('two nodes, when Redis', () => {
  let redis: RedisServer;
  let both: TwoNodes;

  beforeEach(async () => {
    redis = await RedisServer.start();
  });
  afterEach(async () => {
    dropSockets();
    await both.close();
    await killRedisServers();
  });

  const start = async (url = redis.url): Promise<void> => {
    both = await TwoNodes.start(url, { WS_RATE_PER_MIN: '1000' });
  };

  async function refuseAll(): Promise<void> {
    for (const node of both.nodes) {
      const asked = performance.now();
      for (const request of [mint(node), redeem(node, '12345678'), redeem(node, '12345678', 'k')]) {
        const { body, headers } = (await request.expect(503)) as Reply;
        expect(body).toEqual({ statusCode: 503, code: 'unavailable', message: expect.any(String) as string });
        expect(headers['retry-after']).toBe('1');
      }
      expect(performance.now() - asked).toBeLessThan(PROMPTLY_MS);
      const upgrade = await refusal(`${node.ws}/ws?appID=${randomUUID()}&side=A`);
      expect(upgrade).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
      await http(node).get('/healthz').expect(200);
      await http(node).get('/metrics').expect(200);
    }
  }

  it('is away and comes back empty: 503 meanwhile, and then all is well without a restart', async () => {
    await start();
    const { code } = await minted(both.node(0));
    await redis.kill();
    await both.answerReady(503);
    const { body } = (await http(both.node(0)).get('/readyz')) as Reply;
    expect(body).toMatchObject({ code: 'not_ready', details: { redis: { status: 'down' } } });
    await refuseAll();
    await redis.start();
    await both.answerReady(200);
    await redeem(both.node(1), code).expect(410);
    await workTogether(...both.nodes);
  });

  it('comes back with its data: codes minted before redeem after', async () => {
    await start();
    const [first, second] = [await minted(both.node(0)), await minted(both.node(1))];
    await redeem(both.node(0), first.code, 'k').expect(200);
    await redis.save();
    await redis.kill();
    await both.answerReady(503);
    await redis.start();
    await both.answerReady(200);
    await redeem(both.node(0), second.code).expect(200);
    expect(await redeemed(both.node(1), first.code, 'k')).toMatchObject({ appID: first.appID });
  });

  it('is not there at the start: the nodes live, not ready, until it arrives', async () => {
    await redis.kill();
    await start();
    await both.answerReady(503);
    await refuseAll();
    await redis.start();
    await both.answerReady(200);
    await workTogether(...both.nodes);
  });

  it('stands still: requests end, nothing given up is done later, and it goes on where it was', async () => {
    await start();
    const { code } = await minted(both.node(0));
    redis.pause();
    const asked = performance.now();
    await Promise.all(both.nodes.map((node) => redeem(node, code).expect(503)));
    expect(performance.now() - asked).toBeLessThan(PROMPTLY_MS);
    await both.answerReady(503);
    await refuseAll();
    await eventually(() => performance.now() - asked > 2 * COMMAND_TIMEOUT_MS, PATIENCE);
    redis.resume();
    await both.answerReady(200);
    await redeem(both.node(0), code).expect(200); // what was sent before the pause came too late to use it up
    await workTogether(...both.nodes);
  });

  it('is a replica: not ready until it is promoted, and then with the data', async () => {
    const replica = await redis.replicate();
    await start(replica.url);
    await both.answerReady(503);
    await refuseAll();
    await redis.kill();
    await replica.promote();
    await both.answerReady(200);
    await workTogether(...both.nodes);
  });
});
