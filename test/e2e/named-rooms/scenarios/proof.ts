import { constants, randomUUID } from 'node:crypto';
import { KEY_KINDS, type KeyKind, RoomKey } from '../../../support/room-key.js';
import { RoomPeer } from '../../../support/room-peer.js';
import type { Nodes } from './nodes.js';

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING };

/** Signatures by the right key over the right text, made in a way that is not its own. */
const WRONG: Record<KeyKind, [string, string | null, object][]> = {
  'P-256': [
    ['DER', 'sha256', {}],
    ['SHA-384', 'sha384', { dsaEncoding: 'ieee-p1363' }],
  ],
  'P-384': [
    ['DER', 'sha384', {}],
    ['SHA-256', 'sha256', { dsaEncoding: 'ieee-p1363' }],
  ],
  'P-521': [
    ['DER', 'sha512', {}],
    ['SHA-256', 'sha256', { dsaEncoding: 'ieee-p1363' }],
  ],
  Ed25519: [],
  RSA: [
    ['PKCS#1 v1.5', 'sha256', {}],
    ['SHA-512', 'sha512', { ...PSS, saltLength: 32 }],
    ['no salt', 'sha256', { ...PSS, saltLength: 0 }],
    ['a salt of 64', 'sha256', { ...PSS, saltLength: 64 }],
  ],
};

/** Proof of possession. */
export function proof(nodes: Nodes): void {
  let room: string;
  beforeEach(() => {
    room = randomUUID();
  });

  it.each(KEY_KINDS)('is given with a key of the kind %s, and shown to all', async (kind) => {
    const [one, two] = nodes();
    const before = await RoomPeer.join(one, room);
    const peer = await RoomPeer.joinProven(two, room, new RoomKey(kind));
    expect(peer.frames.map(({ type }) => type)).toEqual(['challenge', 'welcome']);
    expect(peer.frames[0]).toEqual({ type: 'challenge', nonce: expect.stringMatching(/^[\w-]{43}$/) as string });
    await before.sees(peer);
    const after = await RoomPeer.join(one, room);
    for (const { roster } of [before, after])
      expect(roster?.get(peer.id)).toEqual({ publicKey: peer.key.jwk, verified: true });
    expect(after.roster?.get(before.id)).toEqual({ publicKey: before.key.jwk });
  });

  it.each(KEY_KINDS.flatMap((kind) => WRONG[kind].map(([what, ...method]) => [kind, what, ...method] as const)))(
    'is not given with a key of the kind %s by a signature with %s',
    async (kind, _what, hash, options) => {
      const peer = await RoomPeer.open(nodes()[0], room, new RoomKey(kind));
      const nonce = await peer.challenge();
      const signature = peer.key.sign(`signalbox-room\n${room}\n${nonce}`, hash, options);
      peer.send({ type: 'prove', signature });
      await peer.told('bad_proof');
      expect(peer.of('welcome')).toEqual([]);
    },
  );

  it.each(KEY_KINDS)('is not given with a key of the kind %s by another key, text, room or nonce', async (kind) => {
    const [one] = nodes();
    const [key, other] = [new RoomKey(kind), new RoomKey(kind)];
    const peer = await RoomPeer.open(one, room, key);
    const forged: ((nonce: string) => string)[] = [
      (nonce) => other.prove(room, nonce),
      (nonce) => key.prove(`${room}x`, nonce),
      () => key.prove(room, 'A'.repeat(43)),
      (nonce) => `${key.prove(room, nonce)}AAAA`,
      (nonce) => key.prove(room, nonce).slice(0, -4),
      (nonce) => `${key.prove(room, nonce)}=`,
      () => '',
      () => '!',
    ];
    for (const forge of forged) peer.send({ type: 'prove', signature: forge(await peer.challenge()) });
    await peer.told(...forged.map(() => 'bad_proof'));
    expect(peer.of('welcome')).toEqual([]);
    await peer.prove();
    await peer.next('welcome');
  });

  it('answers one challenge once', async () => {
    const peer = await RoomPeer.open(nodes()[0], room);
    const nonce = await peer.challenge();
    const signature = peer.key.prove(room, nonce);
    peer.send({ type: 'prove', signature: 'AAAA' }, { type: 'prove', signature });
    await peer.told('bad_proof', 'bad_proof');
    const second = await peer.challenge();
    expect(second).not.toBe(nonce);
    peer.send({ type: 'prove', signature });
    await peer.told('bad_proof', 'bad_proof', 'bad_proof');
  });

  it('of somebody else is no use', async () => {
    const [one, two] = nodes();
    const key = new RoomKey();
    const [honest, thief] = [await RoomPeer.open(one, room, key), await RoomPeer.open(two, room, key)];
    const nonce = await honest.challenge();
    await thief.challenge();
    thief.send({ type: 'prove', signature: key.prove(room, nonce) });
    await thief.told('bad_proof');
    honest.send({ type: 'prove', signature: key.prove(room, nonce) });
    await honest.next('welcome');
  });

  it('is asked for anew when another key is registered, and not at all without `proof`: true', async () => {
    const peer = await RoomPeer.open(nodes()[0], room);
    const nonce = await peer.challenge();
    peer.register({ proof: 'yes' });
    await peer.next('welcome');
    peer.send({ type: 'prove', signature: peer.key.prove(room, nonce) });
    await peer.told('already_registered');
  });

  it('comes before everything else: who has not proved its key is not in the room', async () => {
    const [one, two] = nodes();
    const peer = await RoomPeer.open(one, room);
    await peer.challenge();
    const other = await RoomPeer.join(two, room);
    peer.send({ type: 'offer', to: other.id, sdp: {} });
    await peer.told('not_registered');
    other.send({ type: 'offer', to: peer.id, sdp: {} });
    await other.told('unknown_peer');
    expect(other.roster?.size).toBe(0);
  });

  it('signs the decoded name of the room', async () => {
    const peer = await RoomPeer.openAt(`${nodes()[0]}/room/%61%2D${room}/websocket`, `a-${room}`);
    await peer.prove();
    await peer.next('welcome');
    const neighbour = await RoomPeer.join(nodes()[1], `a-${room}`);
    await peer.sees(neighbour);
  });
}
