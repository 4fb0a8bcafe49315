import { killChildren } from '../../support/child.js';
import { http } from '../../support/raw-http.js';
import { killServers, ServerProcess } from '../../support/server-process.js';
import { claimOf, VoicePeers } from './voice-peers.js';

jest.setTimeout(180_000);

describe('a conversation', () => {
  let server: ServerProcess;
  let peers: VoicePeers;

  beforeEach(async () => {
    server = await ServerProcess.start({ VOICE_BIND: '127.0.0.1', DRAIN_DELAY: '0s' });
    peers = new VoicePeers(server);
  });
  afterEach(async () => {
    await killChildren();
    await killServers();
  });

  const join = async (user: string, conversation: string): Promise<void> => {
    await http(server).post(`/join/${conversation}`).set('X-User-Claim', claimOf(user, 'device')).expect(200);
  };

  it('carries each voice to all others, never back, and to nobody elsewhere', async () => {
    for (const user of ['alice', 'bob']) await join(user, 'room');
    await join('eve', 'elsewhere');
    const [alice, bob, eve] = [
      await peers.connect('alice'),
      await peers.connect('bob', { form: 'raw' }),
      await peers.connect('eve'),
    ];
    for (const peer of [alice, bob, eve]) peer.talk();
    await alice.hears(bob, 50);
    await bob.hears(alice, 50);
    const texts = async (peer: typeof alice) =>
      new Set((await peer.tell()).heard.map(({ text }) => text.split(' ')[0]));
    expect(await texts(alice)).toEqual(new Set(['bob']));
    expect(await texts(bob)).toEqual(new Set(['alice']));
    expect(await texts(eve)).toEqual(new Set());
  });
});
