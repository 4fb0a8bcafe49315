import { randomUUID } from 'node:crypto';
import { join, ROOM_FULL, wsUrl } from '../e2e/signaling/peers.js';
import { signalingId } from '../e2e/sigver/scenarios/peers.js';
import { eventually } from '../support/eventually.js';
import { NginxServer, stopNginx } from '../support/nginx-server.js';
import { FakePermissions, stopPermissions } from '../support/permission-service.js';
import { dropRawSockets, http, RawSocket } from '../support/raw-http.js';
import { killRedisServers, RedisServer } from '../support/redis-server.js';
import { RoomPeer } from '../support/room-peer.js';
import { killServers, ServerProcess } from '../support/server-process.js';
import { SigverClient } from '../support/sigver-client.js';
import { dropSockets, handshakeRequest, refusal, WsClient } from '../support/ws-client.js';
import { type Pair, pairOn, relays } from './fault-rooms.js';
import { minted, redeemed } from './rendezvous-client.js';
import { PATIENCE } from './two-nodes.js';

jest.setTimeout(180_000);

const PAIRS = 6;
/** By then either of two nodes has had a pair, but for one time in 2^59. */
const MOST_PAIRS = 60;
const FRAMES = 20;
const CLAIM = JSON.stringify({ userid: 'u', clientid: 'c' });

describe('two nodes behind nginx', () => {
  let redis: RedisServer;
  let permissions: FakePermissions;
  let nodes: [ServerProcess, ServerProcess];
  let nginx: NginxServer;

  beforeAll(async () => {
    redis = await RedisServer.start();
    permissions = await FakePermissions.start();
    nodes = await Promise.all([start(), start()]);
  });
  beforeEach(async () => {
    for (const i of [0, 1]) if (nodes[i]!.exitCode !== undefined) nodes[i] = await start();
    nginx = await NginxServer.start(ports());
  });
  afterEach(async () => {
    dropSockets();
    dropRawSockets();
    await stopNginx();
    for (const node of nodes)
      await eventually(async () => node.exitCode !== undefined || (await open(node)) === 0, PATIENCE);
  });
  afterAll(async () => {
    await Promise.all([killServers(), stopPermissions(), killRedisServers()]);
  });

  const start = (settings: Record<string, string> = {}) =>
    ServerProcess.start({
      REDIS_URL: redis.url,
      DRAIN_DELAY: '0s',
      PERMISSIONS_HOST: permissions.url,
      ...settings,
    });
  const ports = (): [number, number] => [nodes[0].port, nodes[1].port];

  /** How many sockets a node has. */
  async function open(node: ServerProcess): Promise<number> {
    const { text } = await http(node).get('/metrics').expect(200);
    return Number(/^signalbox_ws_open (\d+)$/m.exec(text)![1]);
  }

  /** Opens sockets, and says on which node they all are; fails where they are on two. */
  async function homeOf(sockets: number, opening: () => Promise<unknown>): Promise<number> {
    const before = await Promise.all(nodes.map(open));
    await opening();
    const gained = (await Promise.all(nodes.map(open))).map((now, i) => now - before[i]!);
    expect([...gained].sort()).toEqual([0, sockets]);
    return gained.indexOf(sockets);
  }

  /** Opens pairs, each of which must be on one node, until both nodes have had some. */
  async function bothInTurn(openPair: () => Promise<unknown>): Promise<void> {
    const homes = new Set<number>();
    for (let n = 0; n < PAIRS || homes.size < 2; n++) {
      expect(n).toBeLessThan(MOST_PAIRS);
      homes.add(await homeOf(2, openPair));
    }
  }

  /** How many messages nodes have sent each other through Redis. */
  async function published(): Promise<number> {
    return Number(/cmdstat_publish:calls=(\d+)/.exec(await redis.client.info('commandstats'))?.[1] ?? 0);
  }

  /** Two that have found each other, and the node that both are on. */
  async function pairWithHome(): Promise<Pair & { home: number }> {
    let pair: Pair | undefined;
    const home = await homeOf(2, async () => (pair = await pairOn(nginx, nginx)));
    return { ...pair!, home };
  }

  /** Both sides of a room come, as often as it takes, until they have found each other. */
  async function meetAgain(id: string): Promise<void> {
    await eventually(async () => {
      const [a, b] = await Promise.all([join(nginx, id, 'A'), join(nginx, id, 'B')]);
      try {
        for (const client of [a, b]) client.send('{"type":"hello"}');
        await eventually(() => expect([a.frames, b.frames]).toEqual([[ROOM_FULL], [ROOM_FULL]]));
      } catch (error) {
        await Promise.all([a.close(), b.close()]);
        throw error;
      }
    }, PATIENCE);
  }

  /** Sends frames one after the other between the sides of pairs; resolves to what nodes told each other meanwhile. */
  async function publishesOfRelaying(front: NginxServer): Promise<number> {
    const pairs: Pair[] = [];
    for (let n = 0; n < PAIRS; n++) pairs.push(await pairOn(front, front)); // in turn: so round robin parts each pair
    const before = await published();
    for (const { a, b } of pairs) {
      for (let n = 0; n < FRAMES; n++) {
        a.send({ type: 'ice', n });
        await eventually(() => expect(b.frames).toHaveLength(n + 2), { ...PATIENCE, interval: 1 });
      }
    }
    return (await published()) - before;
  }

  it('sends both peers of a room to the same node, and rooms to both', async () => {
    await bothInTurn(() => pairOn(nginx, nginx));
    await bothInTurn(async () => {
      const room = randomUUID();
      const first = await RoomPeer.join(nginx.ws, room);
      await first.sees(await RoomPeer.join(nginx.ws, room));
    });
    await bothInTurn(async () => {
      const key = `${nginx.ws}/sigver/${randomUUID()}`;
      const member = await SigverClient.open(`${key}?favored`);
      expect(await member.connect(1)).toBe(true);
      const joiner = await SigverClient.open(key);
      expect(await joiner.connect(2)).toBe(false);
      await signalingId(joiner, member);
    });
  });

  it('saves Redis every relayed frame, all of which pass it where round robin has parted the pairs', async () => {
    expect(await publishesOfRelaying(nginx)).toBe(0);
    const spread = await NginxServer.start(ports(), (site) => site.replace('hash $room consistent;', ''));
    expect(await publishesOfRelaying(spread)).toBeGreaterThanOrEqual(PAIRS * FRAMES);
  });

  it('passes codes and health on, and keeps metrics and readiness inside', async () => {
    const { code, appID } = await minted(nginx);
    expect(await redeemed(nginx, code)).toMatchObject({ appID });
    await http(nginx).get('/healthz').expect(200, '{"ok":true}');
    for (const path of ['/metrics', '/readyz']) {
      await http(nginx).get(path).expect(404);
      for (const node of nodes) await http(node).get(path).expect(200);
    }
  });

  it('lets nobody say who they are', async () => {
    await http(nodes[0]).post('/join/c').set('X-User-Claim', CLAIM).expect(200);
    await http(nginx).post('/join/c').set('X-User-Claim', CLAIM).expect(400);
    expect((await refusal(`${nginx.ws}/connect`, { headers: { 'X-User-Claim': CLAIM } })).status).toBe(400);
    const allowed = await WsClient.open(`${nodes[0].ws}/connect`, { headers: { 'X-User-Claim': CLAIM } });
    await allowed.close();
    expect(permissions.asked).toHaveLength(1);
  });

  it('goes to the other node where one was killed', async () => {
    const { id, home } = await pairWithHome();
    await nodes[home]!.kill();
    await minted(nginx);
    await meetAgain(id);
    expect(await open(nodes[1 - home]!)).toBe(2);
  });

  it('goes to the other node where one is told to end: who is closed with 1001 is let in at once', async () => {
    const { id, home, a, b } = await pairWithHome();
    const hung = await RawSocket.open(nodes[home]!); // does not answer the close frame: the node waits, refusing
    await hung.write(handshakeRequest(`/ws?appID=${randomUUID()}&side=A`));
    await eventually(async () => expect(await open(nodes[home]!)).toBe(3), PATIENCE);
    nodes[home]!.signal('SIGTERM');
    for (const client of [a, b]) expect(await client.end()).toMatchObject({ code: 1001 });
    const back = await Promise.all([join(nginx, id, 'A'), join(nginx, id, 'B')]);
    back.forEach((client) => client.send('{"type":"hello"}'));
    await relays(back[0], back[1]);
    expect(await open(nodes[1 - home]!)).toBe(2);
    expect(await nodes[home]!.exit()).toBe(0);
    await meetAgain(randomUUID());
  });

  it('goes to the other node where one is full', async () => {
    const full = await start({ MAX_CONNECTIONS: '1' });
    await join(full, randomUUID(), 'A');
    expect((await refusal(wsUrl(full, randomUUID(), 'A'))).status).toBe(503);
    const front = await NginxServer.start([full.port, nodes[1].port]);
    for (let n = 0; n < PAIRS; n++) await pairOn(front, front);
    expect(await open(nodes[1])).toBe(2 * PAIRS);
  });
});
