import { ROOM_FULL, wsUrl } from '../e2e/signaling/peers.js';
import { CuttableProxy } from '../support/cuttable-proxy.js';
import { eventually } from '../support/eventually.js';
import { http } from '../support/raw-http.js';
import { killRedisServers, RedisServer } from '../support/redis-server.js';
import { type RunningApp, startApp } from '../support/start-app.js';
import { dropSockets, refusal } from '../support/ws-client.js';
import { claimed, expectBusy, pairOn, relays, ROUNDS, takes } from './fault-rooms.js';
import { PATIENCE } from './two-nodes.js';

jest.setTimeout(180_000);

describe('a node whose way to Redis is cut, its clients not', () => {
  let redis: RedisServer;
  let way: CuttableProxy;
  let cut: RunningApp;
  let other: RunningApp;

  beforeAll(async () => {
    redis = await RedisServer.start();
    way = await CuttableProxy.start(redis.port);
    cut = await startApp({ REDIS_URL: way.ws.replace('ws:', 'redis:') });
    other = await startApp({ REDIS_URL: redis.url });
  });
  afterEach(dropSockets);
  afterAll(async () => {
    await Promise.all([cut.close(), other.close()]);
    await way.close();
    await killRedisServers();
  });

  const ready = (status: 200 | 503) => eventually(() => http(cut).get('/readyz').expect(status), PATIENCE);

  it.each(ROUNDS)('is as before when it is back soon, however it was cut (round %i)', async (round) => {
    const { id, a, b } = await pairOn(cut, other);
    if (round === 1) way.reset();
    else way.blackhole();
    if (round > 1) await ready(503);
    way.restore();
    await ready(200);
    await relays(a, b);
    await relays(b, a);
    await claimed(redis, id);
    await expectBusy(other, id);
    expect([a.closed, b.closed]).toEqual([undefined, undefined]);
  });

  it('loses its places after a while, keeps those nobody took, and gives up the others: no side is held twice', async () => {
    const [taken, kept, beside] = [await pairOn(cut, other), await pairOn(cut, other), await pairOn(cut, cut)];
    way.blackhole();
    await ready(503);
    expect((await refusal(wsUrl(cut, taken.id, 'A'))).status).toBe(503);
    const successor = await takes(other, taken.id, 'A');
    await relays(successor, taken.b);
    await relays(beside.a, beside.b);
    expect(taken.a.closed).toBeUndefined();
    way.restore();
    expect(await taken.a.end()).toEqual({ code: 4500, reason: 'displaced' });
    await relays(successor, taken.b);
    await relays(taken.b, successor);
    await relays(kept.a, kept.b);
    await relays(kept.b, kept.a);
    await relays(beside.a, beside.b);
    await claimed(redis, kept.id, beside.id);
    await expectBusy(other, kept.id);
    await expectBusy(other, beside.id);
    expect(successor.closed).toBeUndefined();
    expect(successor.frames.filter((frame) => frame === ROOM_FULL)).toHaveLength(1);
  });
});
