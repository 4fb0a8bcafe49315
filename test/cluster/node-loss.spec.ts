import { join } from '../e2e/signaling/peers.js';
import { eventually } from '../support/eventually.js';
import { killRedisServers, RedisServer } from '../support/redis-server.js';
import { killServers, ServerProcess } from '../support/server-process.js';
import { dropSockets } from '../support/ws-client.js';
import { pairOn, relays, ROUNDS, takes } from './fault-rooms.js';
import { PATIENCE } from './two-nodes.js';

jest.setTimeout(180_000);

describe('of several nodes', () => {
  let redis: RedisServer;

  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  afterEach(async () => {
    dropSockets();
    await killServers();
  });
  afterAll(killRedisServers);

  const start = (settings: Record<string, string> = {}) => ServerProcess.start({ REDIS_URL: redis.url, ...settings });

  /** How many claims the room's record has: `revision` is a field too. */
  const claims = async (id: string) => (await redis.client.hlen(`signalbox:room:{nt:${id}}`)) - 1;

  it('some are killed: the others see their members as left, and their sides are free', async () => {
    const survivor = await start();
    const victims = await Promise.all(ROUNDS.map(() => start()));
    const pairs = await Promise.all(victims.map((victim) => pairOn(victim, survivor)));
    for (const victim of victims) await victim.kill();
    for (const { id } of pairs) expect(await claims(id)).toBe(2);
    for (const { id } of pairs) await eventually(async () => expect(await claims(id)).toBe(1), PATIENCE);
    for (const { id, b } of pairs) await relays(await takes(survivor, id, 'A'), b);
  });

  it('one is told to end: who comes back elsewhere has its side at once, the others go on to the end', async () => {
    const [ending, staying] = await Promise.all([start({ DRAIN_DELAY: '6s' }), start()]);
    const [moving, resting] = [await pairOn(ending, staying), await pairOn(ending, staying)];
    ending.signal('SIGTERM');
    const moved = await eventually(async () => {
      const client = await join(staying, moving.id, 'A');
      client.send({ type: 'hello', side: 'A' });
      await relays(client, moving.b);
      return client;
    }, PATIENCE);
    expect(await moving.a.end()).toEqual({ code: 4500, reason: 'displaced' });
    await relays(resting.a, resting.b);
    await relays(resting.b, resting.a);
    expect(await resting.a.end()).toMatchObject({ code: 1001 });
    expect(await ending.exit()).toBe(0);
    await eventually(async () => expect(await claims(resting.id)).toBe(1), PATIENCE);
    expect(moved.closed).toBeUndefined();
    // The leases of those that were killed end by themselves.
    await eventually(async () => expect(await redis.client.keys('signalbox:{node}:*')).toHaveLength(1), PATIENCE);
  });
});
