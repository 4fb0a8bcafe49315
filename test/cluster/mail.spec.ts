import { MailRoom, mailTo, payloadsOf, seqsOf } from '../e2e/signaling/mail.js';
import { ROOM_FULL } from '../e2e/signaling/peers.js';
import { eventually } from '../support/eventually.js';
import { http } from '../support/raw-http.js';
import { killRedisServers, RedisServer } from '../support/redis-server.js';
import { killServers, ServerProcess } from '../support/server-process.js';
import { dropSockets, type WsClient } from '../support/ws-client.js';
import { PATIENCE } from './two-nodes.js';

jest.setTimeout(180_000);

const FRAMES = 2000;
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
/** Payloads n, which get the numbers n + 1. */
const mail = (from: number, to: number) => numbers(from, to).map((n) => mailTo('B', String(n)));

describe('mail over two nodes', () => {
  let redis: RedisServer;
  let one: ServerProcess;
  let two: ServerProcess;
  let room: MailRoom;

  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  beforeEach(async () => {
    await redis.client.flushall();
    [one, two] = await Promise.all([start(), start()]);
    room = new MailRoom(one);
  });
  afterEach(async () => {
    dropSockets();
    await killServers();
  });
  afterAll(killRedisServers);

  const start = () => ServerProcess.start({ REDIS_URL: redis.url, DRAIN_DELAY: '0s' });

  /** Frames that are stored, and not acknowledged. */
  async function stored(): Promise<number> {
    const { text } = await http(two).get('/metrics');
    return Number(/^signalbox_mailbox_frames (\d+)$/m.exec(text)![1]);
  }

  const has = (client: WsClient, upTo: number) =>
    eventually(() => expect(seqsOf(client)).toEqual(numbers(1, upTo + 1)), PATIENCE);

  it('is stored by one, and read in order on the other although the first was killed', async () => {
    const a = await room.hello('A', 'deliver', 0);
    a.send(...mail(0, FRAMES));
    await eventually(async () => (await stored()) === FRAMES, PATIENCE);
    await one.kill();
    const b = await room.on(two).hello('B', 'deliver', 0);
    await has(b, FRAMES);
    expect(payloadsOf(b)).toEqual(numbers(0, FRAMES));
  });

  it('comes once and in order to a reader on the other node while the sender’s is killed and the sender goes on', async () => {
    const b = await room.on(two).hello('B', 'deliver', 0);
    const a = await room.hello('A', 'deliver', 0);
    a.send(...mail(0, FRAMES));
    await eventually(() => expect(seqsOf(b).length).toBeGreaterThan(50), PATIENCE);
    await one.kill();
    await a.end();
    let count = -1;
    await eventually(async () => count === (count = await stored()), { ...PATIENCE, interval: 300 });
    await has(b, count);
    const again = await eventually(async () => {
      const client = await room.on(two).hello('A', 'deliver', 0);
      // Until the killed node's lease ends it is refused, after a while in which what it sends would be lost.
      await eventually(() => expect(client.frames).toContain(ROOM_FULL), { timeout: 5_000 });
      return client;
    }, PATIENCE);
    again.send(...mail(count, FRAMES));
    await eventually(() => expect(seqsOf(b)).toHaveLength(FRAMES), PATIENCE);
    expect(payloadsOf(b)).toEqual(numbers(0, FRAMES));
  });

  it('goes on where it was when both sides leave and come back on swapped nodes', async () => {
    const a = await room.hello('A', 'deliver', 0);
    const b = await room.on(two).hello('B', 'deliver', 0);
    a.send(...mail(0, 100));
    await has(b, 100);
    await Promise.all([a.close(), b.close()]);
    const swappedA = await room.on(two).hello('A', 'deliver', 0);
    swappedA.send(...mail(100, 200));
    const swappedB = await room.on(one).hello('B', 'deliver', 100);
    await eventually(() => expect(seqsOf(swappedB)).toEqual(numbers(101, 201)), PATIENCE);
    swappedA.send(...mail(200, 300));
    await eventually(() => expect(payloadsOf(swappedB)).toEqual(numbers(100, 300)), PATIENCE);
  });

  it('survives a rolling restart: 1001, a new socket elsewhere, nothing stored lost', async () => {
    const a = await room.hello('A', 'deliver', 0);
    const b = await room.on(two).hello('B', 'deliver', 0);
    a.send(...mail(0, 500));
    await has(b, 500);
    one.signal('SIGTERM');
    expect(await a.end()).toMatchObject({ code: 1001 });
    expect(await one.exit()).toBe(0);
    const third = await start();
    const nextA = await room.on(third).hello('A', 'deliver', 0);
    nextA.send(...mail(500, 1000));
    await has(b, 1000);
    two.signal('SIGTERM');
    nextA.send(...mail(1000, 1500));
    expect(await b.end()).toMatchObject({ code: 1001 });
    const seen = seqsOf(b).length;
    const nextB = await room.on(third).hello('B', 'deliver', seen);
    await eventually(() => expect(seqsOf(nextB)).toEqual(numbers(seen + 1, 1501)), PATIENCE);
    expect([...payloadsOf(b), ...payloadsOf(nextB)]).toEqual(numbers(0, 1500));
  });
});
