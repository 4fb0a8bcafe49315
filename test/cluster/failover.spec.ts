import { CuttableProxy } from '../support/cuttable-proxy.js';
import { eventually } from '../support/eventually.js';
import { killRedisServers, RedisServer } from '../support/redis-server.js';
import { RedisSentinel } from '../support/redis-sentinel.js';
import { dropSockets } from '../support/ws-client.js';
import { claimed, expectBusy, pairOn, relays, survive } from './fault-rooms.js';
import { minted, redeem } from './rendezvous-client.js';
import { PATIENCE, TwoNodes } from './two-nodes.js';
import { workTogether } from './work-together.js';

jest.setTimeout(180_000);

describe('two nodes whose Redis is lost, and a replica takes over', () => {
  let redis: RedisServer;
  let replica: RedisServer;
  let nodes: TwoNodes;

  beforeEach(async () => {
    redis = await RedisServer.start();
    replica = await redis.replicate();
  });
  afterEach(async () => {
    dropSockets();
    await nodes.close();
    await killRedisServers();
  });

  /** A code of before, which the replica has. */
  async function replicatedCode(): Promise<string> {
    const { code } = await minted(nodes.node(0));
    await eventually(async () => (await replica.client.exists(`signalbox:{codes}:live:${code}`)) === 1, PATIENCE);
    return code;
  }

  it('as sentinels find and promote it: codes and live rooms are as they were', async () => {
    const sentinel = await RedisSentinel.watching('main', redis);
    nodes = await TwoNodes.start(`redis+sentinel://127.0.0.1:${sentinel.port}/main`);
    await nodes.answerReady(200);
    const [one, two] = nodes.nodes;
    const [across, beside] = [await pairOn(one, two), await pairOn(one, one)];
    const code = await replicatedCode();
    await redis.kill();
    await nodes.answerReady(503);
    await relays(beside.a, beside.b);
    await nodes.answerReady(200);
    await redeem(two, code).expect(200);
    await relays(across.a, across.b);
    await relays(across.b, across.a);
    await claimed(replica, across.id, beside.id);
    for (const { id } of [across, beside]) await expectBusy(two, id);
    await workTogether(one, two);
  });

  it('as somebody promotes it by hand and moves the name: codes and live rooms are as they were', async () => {
    const name = await CuttableProxy.start(redis.port);
    nodes = await TwoNodes.start(name.ws.replace('ws:', 'redis:'));
    await nodes.answerReady(200);
    const code = await replicatedCode();
    const takeOver = async () => {
      await replica.promote();
      name.target = replica.port;
    };
    await survive({ cluster: nodes, redis: replica }, () => redis.kill(), takeOver);
    await redeem(nodes.node(1), code).expect(200);
    await workTogether(...nodes.nodes);
    await name.close();
  });
});
