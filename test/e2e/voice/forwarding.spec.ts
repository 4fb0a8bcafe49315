import { killChildren } from '../../support/child.js';
import { eventually } from '../../support/eventually.js';
import { http } from '../../support/raw-http.js';
import { killServers, ServerProcess } from '../../support/server-process.js';
import { claimOf, PATIENCE, VoicePeers } from './voice-peers.js';

jest.setTimeout(180_000);

describe('clients in conversations', () => {
  let server: ServerProcess;
  let peers: VoicePeers;

  beforeAll(async () => {
    server = await ServerProcess.start({ VOICE_BIND: '127.0.0.1', VOICE_IDLE: '2s', DRAIN_DELAY: '0s' });
  });
  beforeEach(() => {
    peers = new VoicePeers(server);
  });
  afterEach(killChildren);
  afterAll(killServers);

  const join = (user: string, conversation: string): Promise<unknown> =>
    http(server).post(`/join/${conversation}`).set('X-User-Claim', claimOf(user, 'device')).expect(200);

  it('media lives on without its WebSocket, and ends when its RTP is silent; who only listens stays', async () => {
    for (const user of ['speaker', 'listener']) await join(user, 'quiet');
    const speaker = await peers.connect('speaker');
    const listener = await peers.connect('listener', { listens: true, query: '?events=1' });
    speaker.hangUp();
    speaker.talk();
    await listener.hears(speaker, 20);
    speaker.hush();
    const left = 'event::{"type":"left","user":"speaker","client":"device"}';
    await eventually(async () => expect((await listener.tell()).frames).toContain(left), PATIENCE);
    expect(listener.isClosed()).toBe(false);
  });

  it('clients follow their user, all of them, and join before or after they connect', async () => {
    const phone = await peers.connect('phone', { user: 'alice', client: 'phone' });
    const laptop = await peers.connect('laptop', { user: 'alice', client: 'laptop' });
    await join('alice', 'one');
    await join('bob', 'one');
    const bob = await peers.connect('bob');
    bob.talk();
    await phone.hears(bob);
    await laptop.hears(bob);
    await join('bob', 'two');
    await join('alice', 'two');
    const before = (await phone.tell()).heard.length;
    await phone.hears(bob, before + 20);
    bob.hush(); // it has the one slot as long as it talks
    phone.talk();
    await laptop.hears(phone);
  });

  it('one m-line is one stream: its own SSRC and payload type, no gap when the speaker changes', async () => {
    for (const user of ['a', 'b', 'ear']) await join(user, 'turns');
    const a = await peers.connect('a', { level: 20 });
    const b = await peers.connect('b', { level: 20, payloadType: 96 });
    const ear = await peers.connect('ear', { payloadType: 100 });
    for (const speaker of [a, b, a]) {
      speaker.talk();
      const heard = (await ear.tell()).heard.filter(({ text }) => text.startsWith(`${speaker.id} `)).length;
      await ear.hears(speaker, heard + 30);
      speaker.hush();
    }
    const { heard } = await ear.tell();
    expect(new Set(heard.map(({ ssrc, payloadType, extended }) => `${ssrc} ${payloadType} ${extended}`)).size).toBe(1);
    expect(heard[0]!.payloadType).toBe(100);
    const steps = heard.slice(1).map(({ sequence }, i) => (sequence - heard[i]!.sequence) & 0xffff);
    expect(new Set(steps)).toEqual(new Set([1]));
    const ticks = heard.slice(1).map(({ timestamp }, i) => (timestamp - heard[i]!.timestamp) >>> 0);
    expect(Math.min(...ticks)).toBe(960);
  });

  it('slots carry several voices at once, and say whose', async () => {
    for (const user of ['a', 'b', 'c', 'ear']) await join(user, 'slots');
    const ear = await peers.connect('ear', { slots: 2, query: '?events=1' });
    const speakers = [await peers.connect('a'), await peers.connect('b'), await peers.connect('c')];
    for (const speaker of speakers) speaker.talk();
    for (const speaker of speakers) await ear.hears(speaker, 20);
    const { heard, frames: told } = await ear.tell();
    const carried = new Map(heard.map(({ mid, text }) => [text.split(' ')[0], mid]));
    expect([...carried.values()].sort()).toEqual(['main', 'slot0', 'slot1']);
    for (const [user, mid] of carried) {
      expect(told).toContain(`event::${JSON.stringify({ type: 'slot', mid, user, client: 'device' })}`);
    }
  });

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
