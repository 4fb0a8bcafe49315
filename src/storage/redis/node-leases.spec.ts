import { Logger } from '@nestjs/common';
import { eventually } from '../../../test/support/eventually.js';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { killRedisServers, RedisServer } from '../../../test/support/redis-server.js';
import { parseRedisUrl } from '../../config/redis-url.js';
import { NodeLeases } from './node-leases.js';
import { RedisLink } from './redis-link.js';

jest.setTimeout(120_000);

const PATIENCE = { timeout: 60_000 };

describe('the lease of a node', () => {
  let redis: RedisServer;
  let clock: FakeClock;
  let link: RedisLink;
  let here: NodeLeases;
  let gone: string[];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    redis = await RedisServer.start();
  });
  beforeEach(async () => {
    await redis.client.flushall();
    clock = new FakeClock();
    link = new RedisLink(parseRedisUrl(redis.url), clock);
    here = new NodeLeases(link, 'here', clock);
    gone = [];
    here.onGone(async (node) => void gone.push(node));
    here.start();
    await link.onModuleInit();
  });
  afterEach(() => link.onApplicationShutdown());
  afterAll(killRedisServers);

  /** Time for a turn, and for all that it asks: each answer comes before that of a ping sent behind the question. */
  async function turn(): Promise<void> {
    clock.advance(3000);
    for (let i = 0; i < 4; i++) await eventually(() => link.command((client) => client.ping()), PATIENCE);
  }

  const lives = (node: string) => redis.client.pttl(`signalbox:{node}:${node}`);

  it('is renewed every 3 s, for 9 s', async () => {
    for (let i = 0; i < 3; i++) {
      await turn();
      expect(await lives('here')).toBeGreaterThan(0);
      expect(await lives('here')).toBeLessThanOrEqual(9000);
      await redis.client.del('signalbox:{node}:here');
    }
  });

  // Nine seconds by Redis' own clock and a turn of three: within the fifteen that are promised.
  it('is looked at every 3 s: when it has ended, so has the node', async () => {
    await redis.client.set('signalbox:{node}:there', 'living');
    here.watch('there');
    for (let i = 0; i < 5; i++) await turn();
    expect(gone).toEqual([]);
    await redis.client.del('signalbox:{node}:there');
    await turn();
    expect(gone).toEqual(['there']);
  });
});
