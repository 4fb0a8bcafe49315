import { randomUUID } from 'node:crypto';
import { ROOM_PREFIX } from '../../src/signaling/seat.js';
import { roomKey } from '../../src/storage/redis/room-records.js';
import { join, ROOM_FULL, wsUrl } from '../e2e/signaling/peers.js';
import { eventually } from '../support/eventually.js';
import type { RedisServer } from '../support/redis-server.js';
import { passed, refusal, type WsClient } from '../support/ws-client.js';
import { PATIENCE, type TwoNodes } from './two-nodes.js';

/** How often each fault is tried. */
export const ROUNDS = [1, 2, 3];

/** All works again within five seconds, /readyz says 503 within nine; a loaded machine gets ten more for either. */
const RETURN_MS = 15_000;
const LOSS_MS = 19_000;

export const HELLO = { type: 'hello', side: 'A' };

interface Node {
  ws: string;
}

/** Two that have found each other. */
export interface Pair {
  id: string;
  a: WsClient;
  b: WsClient;
}

/** Both sides of a fresh room, each on its node; they know of each other. */
export async function pairOn(nodeOfA: Node, nodeOfB: Node): Promise<Pair> {
  const id = randomUUID();
  const a = await join(nodeOfA, id, 'A');
  a.send(HELLO);
  const b = await join(nodeOfB, id, 'B');
  b.send({ type: 'hello', side: 'B' });
  await eventually(() => expect([a.frames, b.frames]).toEqual([[ROOM_FULL], [ROOM_FULL]]), PATIENCE);
  return { id, a, b };
}

/** A frame of one comes to the other, sooner or later: what is sent while there is no way is lost, and sent again. */
export async function relays(from: WsClient, to: WsClient): Promise<void> {
  const frame = `{"type":"ice","mark":"${randomUUID()}"}`;
  await eventually(() => {
    from.send(frame);
    expect(to.frames).toContain(frame);
  }, PATIENCE);
}

/** Both sides are entered in Redis: each node sees to its own when it finds them missing, and until then they look free. */
export async function claimed(redis: RedisServer, ...ids: string[]): Promise<void> {
  for (const id of ids) {
    const places = ['pA', 'pB'];
    const held = () => redis.client.hmget(roomKey(`${ROOM_PREFIX}${id}`), ...places);
    await eventually(async () => expect((await held()).every(Boolean)).toBe(true), PATIENCE);
  }
}

/** Side A of the room is held, for who comes to this node. */
export async function expectBusy(node: Node, id: string): Promise<void> {
  const rival = await join(node, id, 'A');
  rival.send(HELLO);
  expect(await rival.end()).toMatchObject({ code: 1008 });
}

/** Somebody gets the side, and with it a complete room: the one who had it is gone. */
export async function takes(node: Node, id: string, side: 'A' | 'B'): Promise<WsClient> {
  return eventually(async () => {
    const client = await join(node, id, side);
    client.send({ type: 'hello', side });
    await eventually(() => expect(client.frames).toEqual([ROOM_FULL]), { timeout: 5_000 });
    return client;
  }, PATIENCE);
}

/** What goes on while Redis is away, and all that must be right again afterwards. */
export async function survive(
  { cluster, redis }: { cluster: TwoNodes; redis: RedisServer },
  loss: () => Promise<void>,
  gain: () => Promise<void>,
): Promise<void> {
  const [one, two] = cluster.nodes;
  const [across, beside] = [await pairOn(one, two), await pairOn(one, one)];
  await loss();
  const lost = performance.now();
  await cluster.answerReady(503);
  expect(performance.now() - lost).toBeLessThan(LOSS_MS);
  beside.a.send('{"type":"offer"}');
  await passed(beside.a, beside.b);
  expect(beside.b.frames).toEqual([ROOM_FULL, '{"type":"offer"}']);
  expect((await refusal(wsUrl(one, randomUUID(), 'A'))).status).toBe(503);
  await gain();
  const back = performance.now();
  await cluster.answerReady(200);
  await relays(across.a, across.b);
  await relays(across.b, across.a);
  expect([across.a, across.b, beside.a, beside.b].map(({ closed }) => closed)).toEqual(Array(4).fill(undefined));
  await claimed(redis, across.id, beside.id);
  expect(performance.now() - back).toBeLessThan(RETURN_MS);
  await Promise.all([expectBusy(two, across.id), expectBusy(two, beside.id)]);
}
