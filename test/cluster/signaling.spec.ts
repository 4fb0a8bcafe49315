import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually.js';
import { WsClient } from '../support/ws-client.js';
import { join, ROOM_FULL, wsUrl } from '../e2e/signaling/peers.js';
import { sharedCluster } from './shared-cluster.js';
import { PATIENCE } from './two-nodes.js';

jest.setTimeout(120_000);

const HELLO = '{"type":"hello","side":"A"}';

describe('NoisyTransfer signaling with its peers on two nodes', () => {
  const shared = sharedCluster();
  let room: string;

  beforeEach(() => {
    room = randomUUID();
  });

  it('relays what is sent as soon as the other side is open', async () => {
    const [one, two] = shared.cluster.nodes;
    for (let i = 0; i < 50; i++) {
      const id = randomUUID();
      const a = await join(one, id, 'A');
      const b = await join(two, id, 'B');
      a.send('{"type":"offer"}');
      await eventually(() => expect(b.frames).toContain('{"type":"offer"}'), PATIENCE);
    }
  });

  it('lets a newcomer on one node take the side of a dead holder on the other', async () => {
    const [one, two] = shared.cluster.nodes;
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

  it('gives a side that is left to who waits for it on the other node, with nobody else in the room', async () => {
    const [one, two] = shared.cluster.nodes;
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
