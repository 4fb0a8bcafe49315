import { randomUUID } from 'node:crypto';
import { join } from '../e2e/signaling/peers.js';
import { Peers } from '../e2e/sigver/scenarios/peers.js';
import { eventually } from '../support/eventually.js';
import { killRedisServers, RedisServer } from '../support/redis-server.js';
import { RoomPeer } from '../support/room-peer.js';
import { killServers, ServerProcess } from '../support/server-process.js';
import { dropSockets } from '../support/ws-client.js';
import { type Pair, pairOn, relays, ROUNDS, takes } from './fault-rooms.js';
import { PATIENCE } from './two-nodes.js';

jest.setTimeout(180_000);

/** The others miss a node within 15 s; a loaded machine gets five more to show it. */
const MISSED_MS = 20_000;

/** Those on a victim, and those on the survivor who must see that they are gone. */
interface Company {
  victim: ServerProcess;
  pair: Pair;
  room: { staying: RoomPeer; gone: RoomPeer };
  member: Awaited<ReturnType<Peers['bound']>>;
  joiner: Awaited<ReturnType<Peers['bound']>>;
}

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

  /** Of each protocol one on the victim and one on the survivor, who know of each other. */
  async function companyOf(victim: ServerProcess, survivor: ServerProcess): Promise<Company> {
    const name = randomUUID();
    const room = { staying: await RoomPeer.join(survivor.ws, name), gone: await RoomPeer.join(victim.ws, name) };
    await room.staying.sees(room.gone);
    const bound = (first: ServerProcess, second: ServerProcess) =>
      new Peers((peer, key) => `${[first, second][peer]!.ws}/sigver/${key}`).bound();
    const [member, joiner] = [await bound(survivor, victim), await bound(victim, survivor)];
    return { victim, pair: await pairOn(victim, survivor), room, member, joiner };
  }

  /** All that those on the survivor are told. */
  async function misses({ pair, room, member, joiner }: Company): Promise<void> {
    await eventually(async () => expect(await claims(pair.id)).toBe(1), PATIENCE);
    await eventually(
      () => expect(room.staying.of('peer-left')).toEqual([{ type: 'peer-left', peerId: room.gone.id }]),
      PATIENCE,
    );
    expect(await member.member.content()).toMatchObject({ senderId: member.id, data: undefined });
    expect(await joiner.joiner.content()).toMatchObject({ recipientId: joiner.id, data: undefined });
  }

  it('some are killed: the others see their members as left within 15 s, and their places are free', async () => {
    const survivor = await start();
    const victims = await Promise.all(ROUNDS.map(() => start()));
    const companies = await Promise.all(victims.map((victim) => companyOf(victim, survivor)));
    for (const { victim, pair } of companies) {
      await victim.kill();
      expect(await claims(pair.id)).toBe(2);
    }
    const killed = performance.now();
    await Promise.all(companies.map(misses));
    expect(performance.now() - killed).toBeLessThan(MISSED_MS);
    for (const { pair, room, joiner } of companies) {
      await relays(await takes(survivor, pair.id, 'A'), pair.b);
      await RoomPeer.join(survivor.ws, room.gone.room, room.gone.key);
      expect(await joiner.joiner.connect(2)).toBe(true);
    }
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
