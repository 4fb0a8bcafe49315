import { CuttableProxy } from '../../support/cuttable-proxy.js';
import { PLACES, type Started } from '../../support/places.js';
import { RoomKey } from '../../support/room-key.js';
import { RoomPeer } from '../../support/room-peer.js';
import { killRedisServers } from '../../support/redis-server.js';
import { dropSockets } from '../../support/ws-client.js';

jest.setTimeout(60_000);

afterAll(killRedisServers);

describe.each(PLACES)('a peer whose network fails, %s,', (_place, start) => {
  let server: Started;
  let proxy: CuttableProxy;
  let bystander: RoomPeer;
  let key: RoomKey;

  beforeEach(async () => {
    server = await start({ HEARTBEAT: '1s' });
    proxy = await CuttableProxy.start(server.port);
    bystander = await RoomPeer.join(elsewhere(), 'lobby');
    key = new RoomKey();
  });
  afterEach(async () => {
    dropSockets();
    await proxy.close();
    await server.close();
  });

  /** Where the others are, and the peer when it comes back. */
  const elsewhere = () => (server.other ?? server).ws;

  it.each(['strand', 'blackhole'] as const)('has its id again at once when it comes back: %s', async (fault) => {
    await RoomPeer.join(proxy.ws, 'lobby', key);
    proxy[fault]();
    const again = await RoomPeer.join(elsewhere(), 'lobby', key);
    await again.sees(bystander);
    await bystander.sees(again);
    expect(bystander.frames.map(({ type }) => type)).toEqual(['welcome', 'peer-joined', 'peer-left', 'peer-joined']);
  });

  it('has it at once with a proof, and what its old socket still had to say is not heard', async () => {
    const old = await RoomPeer.join(proxy.ws, 'lobby', key);
    proxy.blackhole();
    old.send({ type: 'offer', to: bystander.id, sdp: 'late' });
    await RoomPeer.joinProven(elsewhere(), 'lobby', key);
    proxy.restore();
    await old.client.end();
    await bystander.client.settled();
    expect(bystander.frames.map(({ type }) => type)).toEqual(['welcome', 'peer-joined', 'peer-left', 'peer-joined']);
  });

  it.each(['reset', 'blackhole'] as const)('is found out, and the others told once: %s', async (fault) => {
    await RoomPeer.join(proxy.ws, 'lobby', key);
    proxy[fault]();
    await bystander.sees();
    expect(bystander.of('peer-left')).toEqual([{ type: 'peer-left', peerId: key.id }]);
  });
});
