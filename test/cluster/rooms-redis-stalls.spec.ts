import { join } from '../e2e/signaling/peers.js';
import { claimed, expectBusy, pairOn, relays, ROUNDS } from './fault-rooms.js';
import { sharedCluster } from './shared-cluster.js';

jest.setTimeout(180_000);

describe('rooms over two nodes, when Redis', () => {
  const shared = sharedCluster();

  beforeEach(() => shared.cluster.answerReady(200));

  it.each(ROUNDS)('forgets everything while it is there: live rooms are entered again (round %i)', async () => {
    const { id, a, b } = await pairOn(...shared.cluster.nodes);
    await shared.redis.client.flushall();
    await claimed(shared.redis, id);
    await relays(a, b);
    await expectBusy(shared.cluster.node(1), id);
  });

  it('is lost while somebody waits for a side: it is told to come again', async () => {
    const { id } = await pairOn(...shared.cluster.nodes);
    const waiting = await join(shared.cluster.node(1), id, 'A');
    await waiting.settled();
    await shared.redis.kill();
    expect(await waiting.end()).toMatchObject({ code: 1013 });
    await shared.redis.start();
  });
});
