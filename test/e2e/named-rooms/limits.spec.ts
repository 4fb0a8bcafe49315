import { eventually } from '../../support/eventually.js';
import { FakeClock } from '../../support/fake-clock.js';
import { PLACES, type Started } from '../../support/places.js';
import { http } from '../../support/raw-http.js';
import { killRedisServers } from '../../support/redis-server.js';
import { RoomKey } from '../../support/room-key.js';
import { RoomPeer } from '../../support/room-peer.js';
import { type RunningApp, startApp } from '../../support/start-app.js';
import { dropSockets } from '../../support/ws-client.js';

jest.setTimeout(60_000);

const REGISTER_MS = 10_000;
const NEVER_REGISTERED = { code: 4502, reason: 'never registered' };

describe('limits of named rooms', () => {
  let server: RunningApp;
  let clock: FakeClock;

  const start = async (settings: Record<string, string> = {}): Promise<void> => {
    clock = new FakeClock();
    server = await startApp({ HEARTBEAT: '1h', ...settings }, clock);
  };
  afterEach(async () => {
    dropSockets();
    await server.close();
  });

  it('close a socket that has not registered after ten seconds, and not before', async () => {
    await start();
    const silent = await RoomPeer.open(server.ws, 'lobby');
    const busy = await RoomPeer.open(server.ws, 'lobby');
    const member = await RoomPeer.join(server.ws, 'lobby');
    clock.advance(REGISTER_MS - 10);
    busy.send({ type: 'offer', to: member.id }, 'nonsense', { type: 'register', publicKey: {} });
    await busy.told('not_registered', 'bad_frame', 'bad_key');
    await silent.client.settled();
    expect(silent.client.closed).toBeUndefined();
    clock.advance(20);
    expect(await silent.client.end()).toEqual(NEVER_REGISTERED);
    expect(await busy.client.end()).toEqual(NEVER_REGISTERED);
    await member.client.settled();
    expect([member.client.closed, member.frames.length]).toEqual([undefined, 1]);
  });

  it('close a socket that does not answer its challenge', async () => {
    await start({ ROOMS_REGISTER_TIMEOUT: '3s' });
    const peer = await RoomPeer.open(server.ws, 'lobby');
    await peer.challenge();
    clock.advance(3010);
    expect(await peer.client.end()).toEqual(NEVER_REGISTERED);
  });

  it('demand a proof of everybody where ROOMS_REQUIRE_PROOF says so', async () => {
    await start({ ROOMS_REQUIRE_PROOF: 'true' });
    const peer = await RoomPeer.open(server.ws, 'lobby');
    peer.register();
    const { nonce } = await peer.next('challenge');
    peer.send({ type: 'offer', to: 'x' });
    await peer.told('not_registered');
    peer.send({ type: 'prove', signature: peer.key.prove('lobby', nonce!) });
    await peer.next('welcome');
    const other = await RoomPeer.joinProven(server.ws, 'lobby');
    expect(other.roster?.get(peer.id)).toEqual({ publicKey: peer.key.jwk, verified: true });
  });

  it('close a socket after too many frames that cannot be used; an unknown peer is none', async () => {
    await start({ WS_BAD_FRAMES_PER_MIN: '5' });
    const peer = await RoomPeer.join(server.ws, 'lobby');
    for (let i = 0; i < 20; i++) peer.send({ type: 'offer', to: 'nobody' });
    peer.send('nonsense', '[]', '{"type":"x"}', { type: 'register' }, { type: 'offer' });
    await eventually(() => expect(peer.errors).toHaveLength(25), { timeout: 20_000 });
    clock.advance(60_000);
    peer.register();
    for (let i = 0; i < 4; i++) peer.send(Buffer.from('{"type":"offer","to":"nobody"}'));
    await eventually(() => expect(peer.errors).toHaveLength(30), { timeout: 20_000 });
    expect(peer.client.closed).toBeUndefined();
    peer.send('one more');
    expect(await peer.client.end()).toEqual({ code: 4501, reason: 'too many unusable frames' });
  });

  it('are seen in the metrics', async () => {
    await start({ ROOMS_MAX_PEERS: '2' });
    const key = new RoomKey();
    const holder = await RoomPeer.join(server.ws, 'lobby', key);
    const a = await RoomPeer.join(server.ws, 'other');
    const b = await RoomPeer.join(server.ws, 'other');
    await RoomPeer.joinProven(server.ws, 'lobby', key);
    await holder.client.end();
    a.send({ type: 'offer', to: b.id }, { type: 'ice-candidate', to: b.id }, { type: 'ice-candidate', to: 'x' });
    await b.next('ice-candidate');
    await a.told('unknown_peer');
    const { text } = await http(server).get('/metrics');
    for (const line of [
      'signalbox_rooms_active 2',
      'signalbox_rooms_peers 3',
      'signalbox_rooms_relayed_total{type="offer"} 1',
      'signalbox_rooms_relayed_total{type="ice-candidate"} 1',
      'signalbox_rooms_errors_total{code="unknown_peer"} 1',
      'signalbox_rooms_errors_total{code="bad_key"} 0',
      'signalbox_rooms_displaced_total{holder="unproven"} 1',
    ])
      expect(text).toContain(`\n${line}\n`);
  });
});

describe.each(PLACES)('a full room, %s,', (_place, start) => {
  let server: Started;
  let turn = 0;

  const begin = async (settings: Record<string, string> = {}): Promise<void> => {
    server = await start({ HEARTBEAT: '1h', ...settings }, new FakeClock());
  };
  afterEach(async () => {
    dropSockets();
    await server.close();
  });
  afterAll(killRedisServers);

  /** The servers in turn. */
  const next = (): string => ((turn++ % 2 && server.other) || server).ws;

  it('lets so many in, and another one as soon as there is room', async () => {
    await begin({ ROOMS_MAX_PEERS: '3' });
    const peers = await Promise.all([1, 2, 3].map(() => RoomPeer.join(next(), 'lobby')));
    const [first, second] = peers as [RoomPeer, RoomPeer];
    const late = await RoomPeer.open(next(), 'lobby');
    late.register();
    await late.told('room_full');
    await (await RoomPeer.join(next(), 'elsewhere')).sees();
    await second.client.close();
    await first.sees(peers[2]!);
    late.register();
    await first.sees(peers[2]!, late);
  });

  it('lets 256 in by default', async () => {
    await begin();
    const key = new RoomKey('Ed25519');
    const keys = Array.from({ length: 256 }, () => new RoomKey());
    const peers = await Promise.all(keys.map((each) => RoomPeer.open(next(), 'lobby', each)));
    for (const peer of peers) peer.register();
    const expected = keys.map(({ id }) => id).sort();
    for (const peer of peers) {
      await eventually(() => expect(peer.client.frames).toHaveLength(256 - peer.of('welcome')[0]!.peers!.length), {
        timeout: 20_000,
      });
      expect([...peer.roster!.keys(), peer.id].sort()).toEqual(expected);
    }
    const late = await RoomPeer.open(next(), 'lobby', key);
    late.register();
    await late.told('room_full');
  });
});
