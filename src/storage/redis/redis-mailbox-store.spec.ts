import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { CuttableProxy } from '../../../test/support/cuttable-proxy.js';
import { eventually } from '../../../test/support/eventually.js';
import { killRedisServers, RedisServer } from '../../../test/support/redis-server.js';
import { parseRedisUrl } from '../../config/redis-url.js';
import { SystemClock } from '../../core/clock.js';
import type { Box } from '../../signaling/mailbox-store.js';
import { RedisLink } from './redis-link.js';
import { RedisMailboxStore } from './redis-mailbox-store.js';

jest.setTimeout(120_000);

const LIMITS = { frames: 10_000, bytes: 1 << 24, totalBytes: 1 << 30, ttl: 600_000 };
const PATIENCE = { timeout: 60_000 };

describe('RedisMailboxStore', () => {
  let server: RedisServer;
  const links: RedisLink[] = [];
  const proxies: CuttableProxy[] = [];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = await RedisServer.start();
  });
  beforeEach(() => server.client.flushall());
  afterEach(async () => {
    for (const link of links.splice(0)) link.onApplicationShutdown();
    for (const proxy of proxies.splice(0)) await proxy.close();
  });
  afterAll(killRedisServers);

  async function linked(url = server.url): Promise<RedisLink> {
    const link = new RedisLink(parseRedisUrl(url), new SystemClock());
    links.push(link);
    await link.onModuleInit();
    await eventually(() => link.up, PATIENCE);
    return link;
  }

  const newBox = (): Box => ({ room: randomUUID(), side: 'B' });
  const append = (store: RedisMailboxStore, box: Box, payload: string) => store.append(box, 'A', payload, Date.now());
  const payloads = async (store: RedisMailboxStore, box: Box) =>
    (await store.read(box, 0)).mail.map(({ payload }) => payload);

  /** What Redis does when a box's time is up. */
  async function vanish({ room, side }: Box): Promise<void> {
    const key = `signalbox:{${room}}:mail:${side}`;
    await server.client.del(key, `${key}:frames`);
    await server.client.zadd('signalbox:{mail}:ends', 'XX', 1, `${room} ${side}`);
  }

  it('stores nothing late: a frame in a dark path, given up, does not turn up behind those sent after it', async () => {
    const proxy = await CuttableProxy.start(server.port);
    proxies.push(proxy);
    const far = await linked(proxy.ws.replace('ws:', 'redis:'));
    const [there, here] = [new RedisMailboxStore(far, LIMITS), new RedisMailboxStore(await linked(), LIMITS)];
    const box = newBox();
    await append(there, box, '1');
    proxy.blackhole();
    await expect(append(there, box, '"given up"')).rejects.toMatchObject({ code: 'unavailable' });
    await append(here, box, '2');
    await eventually(() => !far.up, PATIENCE);
    const refused = () => server.client.info('errorstats').then((stats) => stats.includes('errorstat_LATE'));
    proxy.restore();
    await eventually(refused, PATIENCE); // it did arrive
    await eventually(() => far.up, PATIENCE);
    await append(there, box, '3');
    expect(await payloads(here, box)).toEqual(['1', '2', '3']);
  });

  it('counts what has ended once, however many nodes sweep', async () => {
    const stores = [await linked(), await linked(), await linked()].map((link) => new RedisMailboxStore(link, LIMITS));
    const boxes = Array.from({ length: 1200 }, newBox); // more than one step takes
    await Promise.all(boxes.map((box) => append(stores[0]!, box, '"x"')));
    await Promise.all(boxes.map(vanish));
    const counts = await Promise.all(stores.map((store) => store.expire()));
    expect(counts.reduce((sum, count) => sum + count)).toBe(boxes.length);
    expect(await stores[0]!.depth()).toEqual({ frames: 0, bytes: 0 });
  });

  it('keeps the keys of a room in one slot, and the ledger longer than any box', async () => {
    const store = new RedisMailboxStore(await linked(), LIMITS);
    const { room } = newBox();
    for (const side of ['A', 'B'] as const) await append(store, { room, side }, '"x"');
    const keys = await server.client.keys('*');
    expect(keys.sort()).toEqual(
      [
        ...['A', 'A:frames', 'B', 'B:frames'].map((end) => `signalbox:{${room}}:mail:${end}`),
        'signalbox:{mail}:ends',
        'signalbox:{mail}:held',
      ].sort(),
    );
    for (const key of keys) {
      const left = await server.client.pttl(key);
      if (key.includes('{mail}')) expect(left).toBeGreaterThan(LIMITS.ttl);
      else expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(2 * LIMITS.ttl);
    }
  });

  it('takes a kilobyte of memory at most for a room whose mail is read', async () => {
    const store = new RedisMailboxStore(await linked(), LIMITS);
    const used = async () => Number(/used_memory:(\d+)/.exec(await server.client.info('memory'))![1]);
    const rooms = 2000;
    const before = await used();
    for (let i = 0; i < rooms; i++) {
      const { room } = newBox();
      await Promise.all((['A', 'B'] as const).map((side) => store.resume({ room, side }, 5)));
    }
    expect(((await used()) - before) / rooms).toBeLessThan(1024);
  });

  const step = fc.record({
    box: fc.nat(2),
    act: fc.oneof(
      fc.record({ append: fc.nat(50) }),
      fc.record({ acknowledge: fc.nat(12) }),
      fc.record({ resume: fc.nat(12) }),
      fc.constant({ vanish: true as const }),
      fc.constant({ sweep: true as const }),
    ),
  });

  it('has totals that do not drift: whatever happens, they are the sum of the boxes once swept', async () => {
    const store = new RedisMailboxStore(await linked(), LIMITS);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        await server.client.flushall();
        const boxes = [newBox(), newBox(), newBox()];
        for (const { box: at, act } of steps) {
          const box = boxes[at]!;
          if ('append' in act) await append(store, box, 'x'.repeat(act.append));
          if ('acknowledge' in act) await store.acknowledge(box, act.acknowledge);
          if ('resume' in act) await store.resume(box, act.resume);
          if ('sweep' in act) await store.expire();
          if ('vanish' in act) await vanish(box);
        }
        await store.expire();
        const mail = (await Promise.all(boxes.map((box) => payloads(store, box)))).flat();
        const bytes = mail.reduce((sum, payload) => sum + payload.length, 0);
        expect(await store.depth()).toEqual({ frames: mail.length, bytes });
      }),
      { numRuns: 100 },
    );
  });
});
