import { eventually } from '../../support/eventually.js';
import type { NatsServer } from '../../support/nats-server.js';
import { http } from '../../support/raw-http.js';
import type { ServerProcess } from '../../support/server-process.js';
import { heardBy, join, startTwoServers, stopTwoServers } from './two-servers.js';
import { PATIENCE, type VoicePeers } from './voice-peers.js';

jest.setTimeout(240_000);

describe('a client of two servers', () => {
  let nats: NatsServer;
  let one: ServerProcess;
  let other: ServerProcess;
  let here: VoicePeers;
  let there: VoicePeers;

  beforeEach(async () => {
    ({ nats, one, other, here, there } = await startTwoServers());
  });
  afterEach(stopTwoServers);

  /** How many peers the two servers have together. */
  const peers = async (): Promise<number> => {
    const texts = await Promise.all([one, other].map((server) => http(server).get('/metrics').expect(200)));
    return texts.reduce((sum, { text }) => sum + Number(/^signalbox_voice_peers (\d+)$/m.exec(text)?.[1]), 0);
  };

  it('is replaced on the first when it connects again on the other, and heard from there', async () => {
    for (const user of ['alice', 'bob']) await join(one, user, 'room');
    const [alice, bob] = [await here.connect('alice'), await here.connect('bob')];
    alice.talk();
    await bob.hears(alice);
    const again = await there.connect('again', { user: 'alice' });
    expect(await alice.closed()).toMatchObject({ code: 4500 });
    await eventually(async () => expect(await peers()).toBe(2), PATIENCE);
    again.talk(); // and so does the one before, in vain
    await bob.hears(again, 50);
    expect(heardBy((await bob.tell()).heard.slice(-30)).from).toEqual(new Set(['again']));

    await here.connect('back', { user: 'alice' });
    expect(await again.closed()).toMatchObject({ code: 4500 });
  });

  it('that connects to both at the same time, or while they cannot reach each other, stays on one', async () => {
    await join(one, 'alice', 'room');
    const connecting = [here.connect('left', { user: 'alice' }), there.connect('right', { user: 'alice' })];
    await Promise.allSettled(connecting); // to the one that is replaced it may look like a failure
    await eventually(async () => expect(await peers()).toBe(1), PATIENCE);

    await nats.kill();
    await here.connect('first', { user: 'alice' });
    const last = await there.connect('last', { user: 'alice' });
    await eventually(async () => expect(await peers()).toBe(2), PATIENCE);
    await nats.restart();
    await eventually(async () => expect(await peers()).toBe(1), PATIENCE);
    expect(last.isClosed()).toBe(false);
  });
});
