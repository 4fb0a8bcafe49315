import { setImmediate } from 'node:timers/promises';
import { CANDIDATE, FakeMedia } from '../../../test/support/fake-media.js';
import { rtp } from '../../../test/support/rtp.js';

describe('Peers', () => {
  let media: FakeMedia;

  beforeEach(() => {
    media = new FakeMedia();
  });

  it('answer an offer with all candidates, and say when it is connected', async () => {
    await media.connect('alice');
    expect(media.sent).toEqual([
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
    const alice = await media.connect('alice', { conversation: 'room' });
    await media.offer('bob', { conversation: 'room' });
    const bob = media.engine.peers.at(-1)!;
    alice.events.packet(rtp());
    expect(bob.sent).toHaveLength(0);
    bob.events.connected();
    alice.events.packet(rtp());
    expect([alice.sent.length, bob.sent.length]).toEqual([0, 1]);
  });

  it('follow their user into another conversation, also while the engine is at it', async () => {
    const alice = await media.connect('alice');
    let answer = (): void => {};
    media.engine.answering = new Promise((resolve) => (answer = resolve));
    const offering = media.offer('bob', { conversation: 'old' });
    media.peers.move('bob', 'room');
    media.peers.move('alice', 'room');
    answer();
    await offering;
    media.engine.peers.at(-1)!.events.connected();
    alice.events.packet(rtp());
    expect(media.engine.peers.at(-1)!.sent).toHaveLength(1);
  });

  it('end when the engine refuses them, and leave their place free', async () => {
    media.engine.answering = Promise.reject(new Error('no socket'));
    await media.offer('alice');
    expect(media.told('ended')).toMatchObject([{ peer: 'alice', reason: 'failed' }]);
    expect(media.told('log')).toHaveLength(1);
    expect(media.peers.size).toBe(0);
  });

  it('end when they are not connected in 30 s', async () => {
    await media.offer('alice');
    media.clock.advance(29_990);
    expect(media.peers.size).toBe(1);
    media.clock.advance(20);
    expect(media.told('ended')).toMatchObject([{ peer: 'alice', reason: 'failed' }]);
    expect(media.engine.peers[0]!.closed).toBe(true);
  });

  it('have failed when their transport ends before it was ever through', async () => {
    await media.offer('alice');
    media.engine.peers[0]!.events.closed();
    expect(media.told('ended')).toEqual([
      { type: 'ended', peer: 'alice', reason: 'failed', detail: 'no connection can be established' },
    ]);
    expect(media.peers.size).toBe(0);
  });

  it('end when they have sent RTP and then none for the time allowed; RTCP does not count', async () => {
    const alice = await media.connect('alice', { conversation: 'room' });
    await media.connect('listener', { conversation: 'room' });
    alice.events.packet(rtp());
    media.clock.advance(30_000);
    alice.events.packet(rtp({ payloadType: 72 }));
    media.peers.endIdle(media.clock.now());
    expect(media.told('ended')).toEqual([]);
    media.clock.advance(1);
    media.peers.endIdle(media.clock.now());
    expect(media.told('ended')).toMatchObject([{ peer: 'alice', reason: 'idle' }]);
    expect(media.peers.size).toBe(1);
  });

  it('end with their transport, once, and are gone from their conversation', async () => {
    const alice = await media.connect('alice', { conversation: 'room' });
    alice.events.closed();
    alice.events.closed();
    alice.events.packet(rtp());
    expect(media.told('ended')).toEqual([expect.objectContaining({ peer: 'alice', reason: 'gone' })]);
    expect([media.peers.size, media.conversations.size]).toEqual([0, 0]);
  });

  it('all end at the end', async () => {
    await media.connect('alice', { conversation: 'room' });
    await media.offer('bob');
    media.peers.endAll();
    expect(media.told('ended')).toMatchObject([{ reason: 'stopped' }, { reason: 'stopped' }]);
    expect(media.engine.peers.every(({ closed }) => closed)).toBe(true);
  });

  it('give the engine candidates with addresses, those that came early too, and not without end', async () => {
    let answer = (): void => {};
    media.engine.answering = new Promise((resolve) => (answer = resolve));
    const offering = media.offer('alice');
    media.peers.candidate('alice', CANDIDATE);
    media.peers.candidate('alice', CANDIDATE.replace('192.0.2.7', 'attacker.example'));
    media.peers.candidate('nobody', CANDIDATE);
    answer();
    await offering;
    expect(media.engine.peers[0]!.added).toMatchObject([{ address: '192.0.2.7' }]);
    for (let i = 0; i < 100; i++) media.peers.candidate('alice', CANDIDATE);
    expect(media.engine.peers[0]!.added).toHaveLength(32);
  });

  it('are told who comes if they asked, until nobody reads it', async () => {
    await media.connect('alice', { conversation: 'room', events: true });
    const bob = await media.connect('bob', { conversation: 'room' });
    expect(media.told('event')).toEqual([
      { type: 'event', peer: 'alice', event: { type: 'joined', user: 'bob', client: 'c' } },
    ]);
    media.peers.detach('alice');
    bob.events.closed();
    await setImmediate();
    expect(media.told('event')).toHaveLength(1);
  });
});
