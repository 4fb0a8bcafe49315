import { randomUUID } from 'node:crypto';
import { join, ROOM_FULL, wsUrl } from '../e2e/signaling/peers.js';
import { eventually } from '../support/eventually.js';
import { killRedisServers, RedisServer } from '../support/redis-server.js';
import { dropSockets, passed, refusal, type WsClient } from '../support/ws-client.js';
import { relays } from './relays.js';
import { PATIENCE, TwoNodes } from './two-nodes.js';

jest.setTimeout(180_000);

const ROUNDS = [1, 2, 3];
const HELLO = { type: 'hello', side: 'A' };

describe('rooms over two nodes, when Redis', () => {
  let redis: RedisServer;
  let cluster: TwoNodes;
  let room: string;

  beforeAll(async () => {
    redis = await RedisServer.start();
    cluster = await TwoNodes.start(redis.url);
  });
  beforeEach(async () => {
    room = randomUUID();
    await cluster.answerReady(200);
  });
  afterEach(dropSockets);
  afterAll(async () => {
    await cluster.close();
    await killRedisServers();
  });

  /** Both sides of a room, A on the first node and B on the one named; they know of each other. */
  async function pair(nodeOfB: number): Promise<{ id: string; a: WsClient; b: WsClient }> {
    const id = randomUUID();
    const a = await join(cluster.node(0), id, 'A');
    a.send(HELLO);
    const b = await join(cluster.node(nodeOfB), id, 'B');
    await eventually(() => expect([a.frames, b.frames]).toEqual([[ROOM_FULL], [ROOM_FULL]]), PATIENCE);
    return { id, a, b };
  }

  /** The side is held, also for who comes to the other node. */
  async function expectBusy(id: string): Promise<void> {
    const rival = await join(cluster.node(1), id, 'A');
    rival.send(HELLO);
    expect(await rival.end()).toMatchObject({ code: 1008 });
  }

  /** What goes on while Redis is away, and all that must be right again afterwards. */
  async function survives(loss: () => Promise<void>, gain: () => Promise<void>): Promise<void> {
    const [across, beside] = [await pair(1), await pair(0)];
    await loss();
    await cluster.answerReady(503);
    beside.a.send('{"type":"offer"}');
    await passed(beside.a, beside.b);
    expect(beside.b.frames).toEqual([ROOM_FULL, '{"type":"offer"}']);
    expect((await refusal(wsUrl(cluster.node(0), room, 'A'))).status).toBe(503);
    await gain();
    await cluster.answerReady(200);
    await relays(across.a, across.b);
    await relays(across.b, across.a);
    expect([across.a.closed, across.b.closed, beside.a.closed, beside.b.closed]).toEqual(Array(4).fill(undefined));
    await Promise.all([expectBusy(across.id), expectBusy(beside.id)]);
  }

  it.each(ROUNDS)('comes back empty: live rooms are as they were (round %i)', async () => {
    await survives(
      () => redis.kill(),
      () => redis.start(),
    );
  });

  it.each(ROUNDS)('comes back with its data: live rooms are as they were (round %i)', async () => {
    await survives(
      async () => {
        await redis.save();
        await redis.kill();
      },
      () => redis.start(),
    );
  });

  it.each(ROUNDS)('stands still: live rooms are as they were (round %i)', async () => {
    await survives(
      async () => redis.pause(),
      async () => redis.resume(),
    );
  });

  it.each(ROUNDS)('forgets everything while it is there: live rooms register themselves again (round %i)', async () => {
    const { id } = await pair(1);
    await redis.client.flushall();
    await eventually(
      async () => expect((await redis.client.keys(`*${id}*`)).some((key) => key.includes('room:'))).toBe(true),
      PATIENCE,
    );
    await expectBusy(id);
  });

  it.each(ROUNDS)('is away while somebody leaves: the side is free afterwards (round %i)', async () => {
    const { id, a, b } = await pair(1);
    await redis.save();
    await redis.kill();
    await cluster.answerReady(503);
    await b.close();
    await redis.start();
    await cluster.answerReady(200);
    const next = await eventually(async () => {
      const client = await join(cluster.node(0), id, 'B');
      client.send({ type: 'hello', side: 'B' });
      await eventually(() => expect(client.frames).toEqual([ROOM_FULL]), { timeout: 10_000 });
      return client;
    }, PATIENCE);
    await relays(a, next);
  });

  it('is lost while somebody waits for a side: it is told to come again', async () => {
    const { id } = await pair(1);
    const waiting = await join(cluster.node(1), id, 'A');
    await waiting.settled();
    await redis.kill();
    expect(await waiting.end()).toMatchObject({ code: 1013 });
    await redis.start();
  });
});
