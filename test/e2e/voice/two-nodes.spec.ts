import { killChildren } from '../../support/child.js';
import { eventually } from '../../support/eventually.js';
import { NatsServer, stopNats } from '../../support/nats-server.js';
import { http } from '../../support/raw-http.js';
import { killServers, ServerProcess } from '../../support/server-process.js';
import { claimOf, PATIENCE, VoicePeers } from './voice-peers.js';
import { collect } from './packets.js';

jest.setTimeout(240_000);

afterEach(async () => {
  await killChildren();
  await killServers();
  await stopNats();
});

const join = (server: ServerProcess, user: string, conversation: string): Promise<unknown> =>
  http(server).post(`/join/${conversation}`).set('X-User-Claim', claimOf(user, 'device')).expect(200);

describe('two servers and one NATS', () => {
  it('carry a voice from one to the other, once, back to nobody, and go on when NATS was away', async () => {
    const nats = await NatsServer.start();
    const bites = await collect(await nats.client(), 'bite');
    const settings = { VOICE_BIND: '127.0.0.1', NATS: nats.url };
    const [one, other] = [await ServerProcess.start(settings), await ServerProcess.start(settings)];
    for (const user of ['alice', 'bob', 'carol']) await join(one, user, 'room'); // the other node learns of it
    await join(other, 'eve', 'elsewhere');
    const [here, there] = [new VoicePeers(one), new VoicePeers(other)];
    const [alice, bob] = [await here.connect('alice', { slots: 2 }), await here.connect('bob', { slots: 2 })];
    const [carol, eve] = [await there.connect('carol', { slots: 2 }), await there.connect('eve', { slots: 2 })];
    for (const peer of [alice, carol, eve]) peer.talk();
    await carol.hears(alice, 50);
    await alice.hears(carol, 50);
    await bob.hears(carol, 50);
    await bob.hears(alice, 50);
    const from = async (peer: typeof alice): Promise<string[]> => {
      const { heard } = await peer.tell();
      expect(new Set(heard.map(({ text }) => text)).size).toBe(heard.length); // nothing twice
      return [...new Set(heard.map(({ text }) => text.split(' ')[0]!))].sort();
    };
    expect(await from(alice)).toEqual(['carol']);
    expect(await from(bob)).toEqual(['alice', 'carol']);
    expect(await from(carol)).toEqual(['alice']);
    expect(await from(eve)).toEqual([]);
    expect(bites.length).toBeGreaterThan(100);

    await nats.kill();
    const deaf = (await bob.tell()).heard.filter(({ text }) => text.startsWith('alice ')).length;
    await bob.hears(alice, deaf + 50); // audio on one node does not need it
    await nats.restart();
    const before = (await carol.tell()).heard.length;
    await eventually(async () => expect((await carol.tell()).heard.length).toBeGreaterThan(before + 50), PATIENCE);
  });
});
