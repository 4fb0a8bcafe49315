import { killChildren } from '../../support/child.js';
import { eventually } from '../../support/eventually.js';
import { NatsServer, stopNats } from '../../support/nats-server.js';
import { http } from '../../support/raw-http.js';
import { killServers, ServerProcess } from '../../support/server-process.js';
import { collect } from './packets.js';
import { claimOf, type Heard, PATIENCE, VoicePeers } from './voice-peers.js';

jest.setTimeout(240_000);

describe('a conversation on two servers with one NATS', () => {
  let nats: NatsServer;
  let one: ServerProcess;
  let other: ServerProcess;
  let here: VoicePeers;
  let there: VoicePeers;

  beforeEach(async () => {
    nats = await NatsServer.start();
    const settings = { VOICE_BIND: '127.0.0.1', DRAIN_DELAY: '0s', NATS: nats.url };
    [one, other] = [await ServerProcess.start(settings), await ServerProcess.start(settings)];
    [here, there] = [new VoicePeers(one), new VoicePeers(other)];
  });
  afterEach(async () => {
    await killChildren();
    await killServers();
    await stopNats();
  });

  const join = async (server: ServerProcess, user: string, conversation: string): Promise<void> => {
    await http(server).post(`/join/${conversation}`).set('X-User-Claim', claimOf(user, 'device')).expect(200);
  };
  /** The senders of what was heard, and whether something was heard twice. */
  const heardBy = (heard: Heard[]) => {
    const texts = heard.map(({ text }) => text);
    return { from: new Set(texts.map((text) => text.split(' ')[0])), once: new Set(texts).size === texts.length };
  };
  /** No sequence number is missing or there twice, whatever the order. */
  const isGapless = (heard: Heard[]): boolean => {
    const numbers = heard.map(({ sequence }) => sequence);
    const first = numbers[0]!;
    const offsets = numbers.map((number) => ((number - first + 98_304) % 65_536) - 32_768).sort((a, b) => a - b);
    return offsets.every((offset, i) => offset === offsets[0]! + i);
  };

  it('is one: joins on one count on both, voices cross once and not back, each packet is a bite once', async () => {
    const bites = await collect(await nats.client(), 'bite');
    await join(one, 'alice', 'room');
    await join(one, 'bob', 'room'); // who connects to the other server
    const alice = await here.connect('alice');
    const bob = await there.connect('bob');
    const carol = await there.connect('carol'); // in no conversation yet
    alice.talk();
    await bob.hears(alice, 50);
    expect(heardBy((await carol.tell()).heard).from).toEqual(new Set());
    await join(one, 'carol', 'room');
    await carol.hears(alice, 50);
    alice.hush();

    bob.talk();
    await alice.hears(bob, 50);
    await carol.hears(bob, 50);
    bob.hush();
    for (const peer of [alice, bob, carol]) {
      const { from, once } = heardBy((await peer.tell()).heard);
      expect({ id: peer.id, itself: from.has(peer.id), once }).toEqual({ id: peer.id, itself: false, once: true });
    }
    await eventually(() => expect(bites.length).toBeGreaterThan(100), PATIENCE);
    const spoken = bites.map(({ data }) => /(alice|bob) \d+/.exec(Buffer.from(data).toString('latin1'))?.[0]);
    expect(new Set(spoken).size).toBe(spoken.length);

    await eventually(async () => {
      const { text } = await http(one).get('/metrics').expect(200);
      for (const name of ['bites', 'node_packets_sent', 'node_packets_received']) {
        expect(Number(new RegExp(`^signalbox_voice_${name}_total (\\d+)$`, 'm').exec(text)?.[1])).toBeGreaterThan(40);
      }
    }, PATIENCE);
  });

  /** How many peers the two servers have together. */
  const peers = async (): Promise<number> => {
    const texts = await Promise.all([one, other].map((server) => http(server).get('/metrics').expect(200)));
    return texts.reduce((sum, { text }) => sum + Number(/^signalbox_voice_peers (\d+)$/m.exec(text)?.[1]), 0);
  };

  it('has a client once: who connects again on the other server is replaced on the first, and heard from the other', async () => {
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

  it('has a client once that connects to both at the same time, or while they cannot reach each other', async () => {
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

  it('goes on here while NATS is dead or stands still, and there when it is back', async () => {
    for (const user of ['alice', 'bob', 'carol']) await join(one, user, 'room');
    const [alice, bob] = [await here.connect('alice'), await here.connect('bob')];
    const carol = await there.connect('carol');
    alice.talk();
    await carol.hears(alice);

    nats.pause();
    const heard = async () => (await bob.hears(alice, 1)).length;
    await bob.hears(alice, (await heard()) + 100);
    await nats.kill();
    await bob.hears(alice, (await heard()) + 100);

    const before = (await carol.tell()).heard.length;
    await nats.restart();
    const bites = await collect(await nats.client(), 'bite');
    await carol.hears(alice, before + 50);
    await eventually(() => expect(bites.length).toBeGreaterThan(50), PATIENCE);
    expect(isGapless((await bob.tell()).heard)).toBe(true);
  });
});
