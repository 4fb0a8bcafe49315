import { eventually } from '../../support/eventually.js';
import type { NatsServer } from '../../support/nats-server.js';
import { http } from '../../support/raw-http.js';
import type { ServerProcess } from '../../support/server-process.js';
import { collect } from './packets.js';
import { heardBy, join, startTwoServers, stopTwoServers } from './two-servers.js';
import { type Heard, PATIENCE, type VoicePeers } from './voice-peers.js';

jest.setTimeout(240_000);

describe('a conversation on two servers with one NATS', () => {
  let nats: NatsServer;
  let one: ServerProcess;
  let here: VoicePeers;
  let there: VoicePeers;

  beforeEach(async () => {
    ({ nats, one, here, there } = await startTwoServers());
  });
  afterEach(stopTwoServers);

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
