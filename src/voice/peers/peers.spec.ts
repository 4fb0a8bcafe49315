import { setImmediate } from 'node:timers/promises';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { rtp } from '../../../test/support/rtp.js';
import { offerSdp } from '../../../test/support/sdp.js';
import { Conversations } from '../forwarding/conversations.js';
import type { FromMedia, MediaSettings, ToMedia } from '../media/contract.js';
import { noTap } from '../media/tap.js';
import type { Candidate } from '../sdp/candidate.js';
import type { VoiceLine } from '../sdp/offer.js';
import type { Engine, EnginePeer, PeerEvents } from './engine.js';
import { Peers } from './peers.js';

const SETTINGS: MediaSettings = {
  udpPort: 5000,
  bind: '',
  announcedIp: '',
  idleMs: 30_000,
  maxSlots: 8,
  maxPeers: 2,
  nats: [],
};
const CANDIDATE = 'candidate:1 1 UDP 2122260223 192.0.2.7 50000 typ host';

/** One peer of an engine that connects when it is told. */
class FakeEnginePeer implements EnginePeer {
  readonly transport = { ufrag: 'uuuu', password: 'p'.repeat(22), fingerprint: 'sha-256 AA', setup: 'active' };
  readonly candidates = [CANDIDATE];
  readonly added: Candidate[] = [];
  readonly sent: Buffer[] = [];
  closed = false;

  constructor(readonly events: PeerEvents) {}

  outlet(_line: VoiceLine) {
    return { send: (packet: Buffer) => void this.sent.push(Buffer.from(packet)) };
  }

  addCandidate(candidate: Candidate): void {
    this.added.push(candidate);
  }

  close(): void {
    this.closed = true;
  }
}

class FakeEngine implements Engine {
  readonly peers: FakeEnginePeer[] = [];
  answering: Promise<void> = Promise.resolve();

  async accept(_offer: unknown, _ssrcOf: unknown, events: PeerEvents): Promise<EnginePeer> {
    const peer = new FakeEnginePeer(events);
    this.peers.push(peer);
    await this.answering;
    return peer;
  }

  async close(): Promise<void> {}
}

describe('Peers', () => {
  let clock: FakeClock;
  let engine: FakeEngine;
  let conversations: Conversations;
  let peers: Peers;
  let sent: FromMedia[];

  beforeEach(() => {
    clock = new FakeClock();
    engine = new FakeEngine();
    conversations = new Conversations(noTap());
    sent = [];
    peers = new Peers(engine, conversations, SETTINGS, clock, (message) => sent.push(message));
  });

  type Offer = Extract<ToMedia, { type: 'offer' }>;
  const offer = (user: string, members: Partial<Offer> = {}): Promise<void> =>
    peers.offer({
      type: 'offer',
      peer: user,
      owner: { user, client: 'c' },
      sdp: offerSdp(),
      events: false,
      ...members,
    });
  /** Offers and connects. */
  const connect = async (user: string, members: Partial<Offer> = {}): Promise<FakeEnginePeer> => {
    await offer(user, members);
    const peer = engine.peers.at(-1)!;
    peer.events.connected();
    return peer;
  };
  const of = (type: FromMedia['type']): FromMedia[] => sent.filter((message) => message.type === type);

  it('answer an offer with all candidates, and say when it is connected', async () => {
    await connect('alice');
    expect(sent).toEqual([
      {
        type: 'answer',
        peer: 'alice',
        sdp: expect.stringContaining(`a=${CANDIDATE}`) as string,
        candidates: [CANDIDATE],
      },
      { type: 'connected', peer: 'alice' },
    ]);
  });

  it('forward between those whose users are in the same conversation, from the moment they are connected', async () => {
    const alice = await connect('alice', { conversation: 'room' });
    await offer('bob', { conversation: 'room' });
    const bob = engine.peers.at(-1)!;
    alice.events.packet(rtp());
    expect(bob.sent).toHaveLength(0);
    bob.events.connected();
    alice.events.packet(rtp());
    expect([alice.sent.length, bob.sent.length]).toEqual([0, 1]);
  });

  it('follow their user into another conversation, also while the engine is at it', async () => {
    const alice = await connect('alice');
    let answer = (): void => {};
    engine.answering = new Promise((resolve) => (answer = resolve));
    const offering = offer('bob', { conversation: 'old' });
    peers.move('bob', 'room');
    peers.move('alice', 'room');
    answer();
    await offering;
    engine.peers.at(-1)!.events.connected();
    alice.events.packet(rtp());
    expect(engine.peers.at(-1)!.sent).toHaveLength(1);
  });

  it('replace one of the same user and client, and no other', async () => {
    const phone = await connect('alice', { conversation: 'room' });
    await connect('alice', { peer: 'second', owner: { user: 'alice', client: 'laptop' } });
    expect(phone.closed).toBe(false);
    await connect('alice', { peer: 'third' });
    expect(phone.closed).toBe(true);
    expect(of('ended')).toMatchObject([{ peer: 'alice', reason: 'replaced' }]);
    expect(peers.size).toBe(2);
  });

  it('are replaced when the same client has connected on another node, also before they are connected themselves', async () => {
    const alice = await connect('alice');
    await offer('bob');
    for (const peer of ['alice', 'bob', 'long gone']) peers.replace(peer);
    expect([alice.closed, peers.size]).toEqual([true, 0]);
    expect(of('ended')).toMatchObject([
      { peer: 'alice', reason: 'replaced' },
      { peer: 'bob', reason: 'replaced' },
    ]);
  });

  it('are not replaced by a bad offer', async () => {
    const alice = await connect('alice');
    await offer('alice', { peer: 'second', sdp: 'garbage' });
    expect(alice.closed).toBe(false);
    expect(of('ended')).toEqual([{ type: 'ended', peer: 'second', reason: 'bad_offer', detail: 'not an SDP' }]);
  });

  it('are no more than there may be; one that is replaced makes room', async () => {
    await connect('alice');
    await connect('bob');
    await offer('carol');
    expect(of('ended')).toMatchObject([{ peer: 'carol', reason: 'full' }]);
    await connect('bob', { peer: 'again' });
    expect(of('ended')).toMatchObject([{ peer: 'carol' }, { peer: 'bob', reason: 'replaced' }]);
  });

  it('end when the engine refuses them, and leave their place free', async () => {
    engine.answering = Promise.reject(new Error('no socket'));
    await offer('alice');
    expect(of('ended')).toMatchObject([{ peer: 'alice', reason: 'failed' }]);
    expect(of('log')).toHaveLength(1);
    expect(peers.size).toBe(0);
  });

  it('are closed when they were replaced while the engine was at it, and never answered', async () => {
    let answer = (): void => {};
    engine.answering = new Promise((resolve) => (answer = resolve));
    const first = offer('alice');
    const second = offer('alice', { peer: 'second' });
    answer();
    await Promise.all([first, second]);
    expect(engine.peers.map(({ closed }) => closed)).toEqual([true, false]);
    expect(of('answer')).toMatchObject([{ peer: 'second' }]);
  });

  it('end when they are not connected in 30 s', async () => {
    await offer('alice');
    clock.advance(29_990);
    expect(peers.size).toBe(1);
    clock.advance(20);
    expect(of('ended')).toMatchObject([{ peer: 'alice', reason: 'failed' }]);
    expect(engine.peers[0]!.closed).toBe(true);
  });

  it('have failed when their transport ends before it was ever through', async () => {
    await offer('alice');
    engine.peers[0]!.events.closed();
    expect(of('ended')).toEqual([
      { type: 'ended', peer: 'alice', reason: 'failed', detail: 'no connection can be established' },
    ]);
    expect(peers.size).toBe(0);
  });

  it('end when they have sent RTP and then none for the time allowed; RTCP does not count', async () => {
    const alice = await connect('alice', { conversation: 'room' });
    await connect('listener', { conversation: 'room' });
    alice.events.packet(rtp());
    clock.advance(30_000);
    alice.events.packet(rtp({ payloadType: 72 }));
    peers.endIdle(clock.now());
    expect(of('ended')).toEqual([]);
    clock.advance(1);
    peers.endIdle(clock.now());
    expect(of('ended')).toMatchObject([{ peer: 'alice', reason: 'idle' }]);
    expect(peers.size).toBe(1);
  });

  it('end with their transport, once, and are gone from their conversation', async () => {
    const alice = await connect('alice', { conversation: 'room' });
    alice.events.closed();
    alice.events.closed();
    alice.events.packet(rtp());
    expect(of('ended')).toEqual([expect.objectContaining({ peer: 'alice', reason: 'gone' })]);
    expect([peers.size, conversations.size]).toEqual([0, 0]);
  });

  it('all end at the end', async () => {
    await connect('alice', { conversation: 'room' });
    await offer('bob');
    peers.endAll();
    expect(of('ended')).toMatchObject([{ reason: 'stopped' }, { reason: 'stopped' }]);
    expect(engine.peers.every(({ closed }) => closed)).toBe(true);
  });

  it('give the engine candidates with addresses, those that came early too, and not without end', async () => {
    let answer = (): void => {};
    engine.answering = new Promise((resolve) => (answer = resolve));
    const offering = offer('alice');
    peers.candidate('alice', CANDIDATE);
    peers.candidate('alice', CANDIDATE.replace('192.0.2.7', 'attacker.example'));
    peers.candidate('nobody', CANDIDATE);
    answer();
    await offering;
    expect(engine.peers[0]!.added).toMatchObject([{ address: '192.0.2.7' }]);
    for (let i = 0; i < 100; i++) peers.candidate('alice', CANDIDATE);
    expect(engine.peers[0]!.added).toHaveLength(32);
  });

  it('are told who comes if they asked, until nobody reads it', async () => {
    await connect('alice', { conversation: 'room', events: true });
    const bob = await connect('bob', { conversation: 'room' });
    expect(of('event')).toEqual([
      { type: 'event', peer: 'alice', event: { type: 'joined', user: 'bob', client: 'c' } },
    ]);
    peers.detach('alice');
    bob.events.closed();
    await setImmediate();
    expect(of('event')).toHaveLength(1);
  });
});
