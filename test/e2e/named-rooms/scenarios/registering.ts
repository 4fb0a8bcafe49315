import { randomUUID } from 'node:crypto';
import { eventually } from '../../../support/eventually.js';
import { RoomKey } from '../../../support/room-key.js';
import { RoomPeer } from '../../../support/room-peer.js';
import type { Nodes } from './nodes.js';

/** What `register` leads to. */
export function registering(nodes: Nodes): void {
  let room: string;
  beforeEach(() => {
    room = randomUUID();
  });

  it('welcomes the first into an empty room, under the fingerprint of its key', async () => {
    const [ws] = nodes();
    const peer = await RoomPeer.join(ws, room);
    expect(peer.frames).toEqual([{ type: 'welcome', peerId: peer.id, peers: [] }]);
  });

  it('shows the newcomer everybody in order, and the newcomer to everybody, with all members of the keys', async () => {
    const [one, two] = nodes();
    const a = await RoomPeer.join(one, room);
    const b = await RoomPeer.open(two, room);
    const publicKey = { ...b.key.jwk, kid: 'é 🙂', use: 'sig', key_ops: ['verify'], ext: true };
    b.send({ type: 'register', publicKey });
    await b.next('welcome');
    const c = await RoomPeer.join(one, room);
    await a.sees(b, c);
    expect(a.frames.slice(1)).toEqual([
      { type: 'peer-joined', peerId: b.id, publicKey },
      { type: 'peer-joined', peerId: c.id, publicKey: c.key.jwk },
    ]);
    expect(c.frames).toEqual([
      {
        type: 'welcome',
        peerId: c.id,
        peers: [
          { id: a.id, publicKey: a.key.jwk },
          { id: b.id, publicKey },
        ],
      },
    ]);
  });

  it.each(['close', 'terminate'] as const)('tells everybody once when a peer goes: %s', async (how) => {
    const [one, two] = nodes();
    const [a, b, c] = [
      await RoomPeer.join(one, room),
      await RoomPeer.join(two, room),
      await RoomPeer.join(one, room),
    ] as const;
    await b.sees(a, c);
    void c.client[how]();
    await a.sees(b);
    await b.sees(a);
    const d = await RoomPeer.join(two, room);
    await a.sees(b, d);
    expect(a.of('peer-left')).toEqual([{ type: 'peer-left', peerId: c.id }]);
    expect(d.roster?.has(c.id)).toBe(false);
  });

  it('lets one that has left come back', async () => {
    const [one, two] = nodes();
    const a = await RoomPeer.join(one, room);
    const b = await RoomPeer.join(two, room);
    await b.client.close();
    await a.sees();
    const again = await RoomPeer.join(one, room, b.key);
    await a.sees(again);
    await again.sees(a);
  });

  it('happens once per socket', async () => {
    const [one, two] = nodes();
    const a = await RoomPeer.join(one, room);
    const b = await RoomPeer.join(two, room);
    b.register();
    b.send({ type: 'register', publicKey: new RoomKey().jwk });
    b.send({ type: 'prove', signature: 'AA' });
    await b.told('already_registered', 'already_registered', 'already_registered');
    expect(a.of('peer-joined')).toHaveLength(1);
    expect(b.client.closed).toBeUndefined();
  });

  it('may be tried again after a refused key', async () => {
    const [one, two] = nodes();
    const a = await RoomPeer.join(one, room);
    const b = await RoomPeer.open(two, room);
    b.send({ type: 'register', publicKey: b.key.privateJwk });
    await b.told('bad_key');
    b.register();
    await b.sees(a);
    await a.sees(b);
  });

  it('shows nobody a private member, whatever is tried', async () => {
    const [one, two] = nodes();
    const a = await RoomPeer.join(one, room);
    const b = await RoomPeer.open(two, room);
    const members = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
    const jwk = JSON.stringify(b.key.jwk).slice(0, -1);
    for (const name of members) {
      b.send(`{"type":"register","publicKey":${jwk},"${name}":"secret"}}`);
      b.send(`{"type":"register","publicKey":${jwk},"\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}":null}}`);
    }
    await eventually(() => expect(b.errors).toEqual(members.flatMap(() => ['bad_key', 'bad_key'])), {
      timeout: 20_000,
    });
    b.register();
    await a.sees(b);
    expect(a.client.frames.join()).not.toContain('secret');
    expect(b.client.frames.join()).not.toContain('secret');
  });

  it('is not done by who has only opened a socket: nobody hears of it, and it hears of nobody', async () => {
    const [one, two] = nodes();
    const silent = await RoomPeer.open(one, room);
    const a = await RoomPeer.join(two, room);
    silent.send({ type: 'offer', to: a.id, sdp: {} });
    await silent.told('not_registered');
    await silent.client.close();
    const b = await RoomPeer.join(one, room);
    await a.sees(b);
    expect(a.frames.map(({ type }) => type)).toEqual(['welcome', 'peer-joined']);
    expect(silent.frames.map(({ type }) => type)).toEqual(['error']);
  });

  it.each(['__proto__', 'constructor', 'hasOwnProperty', '...', '~', 'A'.repeat(128)])(
    'works in a room of any name: %s',
    async (name) => {
      const [one, two] = nodes();
      const a = await RoomPeer.join(one, name);
      const b = await RoomPeer.join(two, name);
      const elsewhere = await RoomPeer.join(one, `${name.slice(0, 100)}-`);
      await a.sees(b);
      await elsewhere.sees();
      await Promise.all([a, b, elsewhere].map(({ client }) => client.close()));
    },
  );

  it('brings one key into several rooms at once', async () => {
    const [one, two] = nodes();
    const key = new RoomKey();
    const [here, there] = [await RoomPeer.join(one, room, key), await RoomPeer.join(two, `${room}2`, key)];
    await here.sees();
    await there.sees();
  });
}
