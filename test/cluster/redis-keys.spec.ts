import { readFileSync } from 'node:fs';
import { Peers } from '../e2e/sigver/scenarios/peers.js';
import { eventually } from '../support/eventually.js';
import { killRedisServers, RedisServer } from '../support/redis-server.js';
import { RoomPeer } from '../support/room-peer.js';
import { dropSockets } from '../support/ws-client.js';
import { minted, redeem } from './rendezvous-client.js';
import { PATIENCE, TwoNodes } from './two-nodes.js';
import { workTogether } from './work-together.js';

jest.setTimeout(120_000);

/** The rows of the table of keys: `NAMES` in capitals stand for anything. */
const DOCUMENTED = Array.from(
  readFileSync('docs/operations.md', 'utf8').matchAll(/^\| `([{\w][^`]*:[^`]*)` +\| (\w+) +\|/gm),
  ([, name, type]) => ({
    type,
    pattern: new RegExp(`^signalbox:${name!.replace(/[{}]/g, '\\$&').replace(/[A-Z][A-Z-]*/g, '.+')}$`),
  }),
);

describe('what two nodes keep in Redis', () => {
  let redis: RedisServer;
  let both: TwoNodes;

  beforeAll(async () => {
    redis = await RedisServer.start();
    both = await TwoNodes.start(redis.url, { HTTP_RATE_PER_MIN: '1000', WS_RATE_PER_MIN: '1000' });
  });
  afterAll(async () => {
    dropSockets();
    await both.close();
    await killRedisServers();
  });

  it('is documented, all of it and no more, and has an end', async () => {
    const [one, two] = both.nodes;
    await workTogether(one, two);
    await redeem(two, (await minted(one)).code, 'an idempotency key').expect(200);
    await minted(two);
    await redeem(one, '99999999').expect(410);
    await RoomPeer.join(one.ws, 'lobby');
    await new Peers((peer, key) => `${both.node(peer).ws}/sigver/${key}`).bound();
    const seen = new Set<object>();
    await eventually(async () => {
      for (const key of await redis.client.keys('*')) {
        const type = await redis.client.type(key);
        const rows = DOCUMENTED.filter((row) => row.type === type && row.pattern.test(key));
        expect([key, type, rows.length]).toEqual([key, type, 1]);
        seen.add(rows[0]!);
        expect(await redis.client.pttl(key)).toBeGreaterThan(0);
      }
    }, PATIENCE);
    expect(seen.size).toBe(DOCUMENTED.length);
  });
});
