import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually.js';
import { killRedisServers, RedisServer } from '../support/redis-server.js';
import { dropSockets, WsClient } from '../support/ws-client.js';
import { join, ROOM_FULL, wsUrl } from '../e2e/signaling/peers.js';
import { PATIENCE, TwoNodes } from './two-nodes.js';

jest.setTimeout(120_000);

const HELLO = '{"type":"hello","side":"A"}';

describe('NoisyTransfer signaling with its peers on two nodes', () => {
  let redis: RedisServer;
  let cluster: TwoNodes;
  let room: string;

  beforeAll(async () => {
    redis = await RedisServer.start();
    cluster = await TwoNodes.start(redis.url);
  });
  beforeEach(() => {
    room = randomUUID();
  });
  afterEach(dropSockets);
  afterAll(async () => {
    await cluster.close();
    await killRedisServers();
  });

  it('tells both that the room is full, and relays both ways, in order', async () => {
    const [one, two] = cluster.nodes;
    const a = await join(one, room, 'A');
    const b = await join(two, room, 'B');
    await eventually(() => expect([a.frames, b.frames]).toEqual([[ROOM_FULL], [ROOM_FULL]]), PATIENCE);
    const frames = (from: string) => Array.from({ length: 2000 }, (_, n) => `{"type":"ice","from":"${from}","n":${n}}`);
    a.send(...frames('A'));
    b.send(...frames('B'));
    await eventually(() => expect([a.frames.length, b.frames.length]).toEqual([2001, 2001]), PATIENCE);
    expect(a.frames.slice(1)).toEqual(frames('B'));
    expect(b.frames.slice(1)).toEqual(frames('A'));
  });

  it('relays what is sent as soon as the other side is open', async () => {
    const [one, two] = cluster.nodes;
    for (let i = 0; i < 50; i++) {
      const id = randomUUID();
      const a = await join(one, id, 'A');
      const b = await join(two, id, 'B');
      a.send('{"type":"offer"}');
      await eventually(() => expect(b.frames).toContain('{"type":"offer"}'), PATIENCE);
    }
  });

  it('refuses a newcomer on a side that somebody on the other node holds', async () => {
    const [one, two] = cluster.nodes;
    const holder = await join(one, room, 'A');
    holder.send(HELLO);
    await holder.settled();
    const newcomer = await join(two, room, 'A');
    newcomer.send(HELLO);
    expect(await newcomer.end()).toEqual({ code: 1008, reason: 'side A busy' });
    expect(holder.closed).toBeUndefined();
  });

  it('lets a newcomer on one node take the side of a dead holder on the other', async () => {
    const [one, two] = cluster.nodes;
    const dead = await WsClient.open(wsUrl(one, room, 'A'), { autoPong: false });
    dead.send(HELLO);
    const b = await join(one, room, 'B');
    await eventually(() => expect(b.frames).toEqual([ROOM_FULL]), PATIENCE);
    const newcomer = await join(two, room, 'A');
    expect(await dead.end()).toMatchObject({ code: 1006 });
    await eventually(
      () => expect([newcomer.frames, b.frames]).toEqual([[ROOM_FULL], [ROOM_FULL, ROOM_FULL]]),
      PATIENCE,
    );
    expect(newcomer.closed).toBeUndefined();
  });

  it('displaces a deaf rival on the other node', async () => {
    const [one, two] = cluster.nodes;
    const silent = await join(one, room, 'A');
    await silent.settled();
    const newcomer = await join(two, room, 'A');
    newcomer.send(HELLO);
    expect(await silent.end()).toMatchObject({ code: 4500 });
    const b = await join(one, room, 'B');
    await eventually(() => expect([newcomer.frames, b.frames]).toEqual([[ROOM_FULL], [ROOM_FULL]]), PATIENCE);
  });

  it('gives a side that is left to who waits for it on the other node, with nobody else in the room', async () => {
    const [one, two] = cluster.nodes;
    const holder = await join(one, room, 'A');
    holder.send(HELLO);
    await holder.settled();
    const newcomer = await join(two, room, 'A');
    await newcomer.settled();
    await holder.close();
    const b = await join(two, room, 'B');
    await eventually(() => expect([newcomer.frames, b.frames]).toEqual([[ROOM_FULL], [ROOM_FULL]]), PATIENCE);
  });
});
