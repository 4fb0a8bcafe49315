import { FakeMedia } from '../../../test/support/fake-media.js';

describe('Peers of one client, and how many there may be,', () => {
  let media: FakeMedia;

  beforeEach(() => {
    media = new FakeMedia();
  });

  it('replace one of the same user and client, and no other', async () => {
    const phone = await media.connect('alice', { conversation: 'room' });
    await media.connect('alice', { peer: 'second', owner: { user: 'alice', client: 'laptop' } });
    expect(phone.closed).toBe(false);
    await media.connect('alice', { peer: 'third' });
    expect(phone.closed).toBe(true);
    expect(media.told('ended')).toMatchObject([{ peer: 'alice', reason: 'replaced' }]);
    expect(media.peers.size).toBe(2);
  });

  it('are replaced when the same client has connected on another node, also before they are connected themselves', async () => {
    const alice = await media.connect('alice');
    await media.offer('bob');
    for (const peer of ['alice', 'bob', 'long gone']) media.peers.replace(peer);
    expect([alice.closed, media.peers.size]).toEqual([true, 0]);
    expect(media.told('ended')).toMatchObject([
      { peer: 'alice', reason: 'replaced' },
      { peer: 'bob', reason: 'replaced' },
    ]);
  });

  it('are not replaced by a bad offer', async () => {
    const alice = await media.connect('alice');
    await media.offer('alice', { peer: 'second', sdp: 'garbage' });
    expect(alice.closed).toBe(false);
    expect(media.told('ended')).toEqual([{ type: 'ended', peer: 'second', reason: 'bad_offer', detail: 'not an SDP' }]);
  });

  it('are no more than there may be; one that is replaced makes room', async () => {
    await media.connect('alice');
    await media.connect('bob');
    await media.offer('carol');
    expect(media.told('ended')).toMatchObject([{ peer: 'carol', reason: 'full' }]);
    await media.connect('bob', { peer: 'again' });
    expect(media.told('ended')).toMatchObject([{ peer: 'carol' }, { peer: 'bob', reason: 'replaced' }]);
  });

  it('are closed when they were replaced while the engine was at it, and never answered', async () => {
    let answer = (): void => {};
    media.engine.answering = new Promise((resolve) => (answer = resolve));
    const first = media.offer('alice');
    const second = media.offer('alice', { peer: 'second' });
    answer();
    await Promise.all([first, second]);
    expect(media.engine.peers.map(({ closed }) => closed)).toEqual([true, false]);
    expect(media.told('answer')).toMatchObject([{ peer: 'second' }]);
  });
});
