import { Logger } from '@nestjs/common';
import { settled } from '../../test/support/fake-peer.js';
import { RoomKey } from '../../test/support/room-key.js';
import { type FakeVisitor, RoomsNode } from '../../test/support/rooms-node.js';
import { ApiError } from '../core/errors.js';
import type { Claim, Entry, Terms } from '../core/rooms/room-directory.js';
import { MemoryRoomDirectory } from '../storage/memory/memory-room-directory.js';

/** A directory that can be slow, fail, and say that a place is held by somebody whom nobody finds. */
class FakeDirectory extends MemoryRoomDirectory {
  hold: Promise<void> = Promise.resolve();
  failing = false;
  alwaysHeld = false;
  asked = 0;

  override async enter(room: string, claim: Claim, terms: Terms, settle: (entry: Entry) => void): Promise<void> {
    this.asked++;
    await this.hold;
    if (this.failing) throw new ApiError('unavailable');
    if (this.alwaysHeld) return settle({ outcome: 'held', revision: 1, claims: new Map() });
    return super.enter(room, claim, terms, settle);
  }
}

/** Something that is under way until it is let go. */
function held(): { promise: Promise<void>; release: () => void } {
  let release!: () => void;
  const promise = new Promise<void>((resolve) => (release = resolve));
  return { promise, release };
}

describe('NamedRoomsService', () => {
  const key = new RoomKey();
  let directory: FakeDirectory;
  let node: RoomsNode;

  beforeEach(() => {
    directory = new FakeDirectory();
    node = new RoomsNode({ WS_BAD_FRAMES_PER_MIN: '10' }, directory);
  });

  const codes = (visitor: FakeVisitor) => visitor.frames('error').map(({ code }) => code);
  const send = (visitor: FakeVisitor, ...frames: object[]) => {
    for (const frame of frames) node.receive(visitor, Buffer.from(JSON.stringify(frame)));
  };

  it('says that a room cannot be entered when nobody knows who is in it; a later try may succeed', async () => {
    const logged = jest.spyOn(Logger.prototype, 'error');
    directory.failing = true;
    const visitor = await node.join('lobby', key);
    expect([codes(visitor), visitor.ended]).toEqual([['unavailable'], false]);
    expect(logged).not.toHaveBeenCalled(); // that the store is away is logged by its link, once
    directory.failing = false;
    node.register(visitor, key);
    await settled();
    expect(visitor.frames('welcome')).toHaveLength(1);
  });

  it('gives up when an id is taken anew each time', async () => {
    directory.alwaysHeld = true;
    const visitor = await node.join('lobby', key);
    expect(codes(visitor)).toEqual(['id_in_use']);
    expect(directory.asked).toBe(5);
  });

  it('keeps in order what comes while somebody enters, reading no further once that is much', async () => {
    const other = await node.join('lobby', new RoomKey());
    const { promise, release } = held();
    directory.hold = promise;
    const visitor = await node.join('lobby', key);
    const to = other.session.registered!.id;
    for (let n = 0; n < 30; n++) send(visitor, { type: 'offer', to, n, pad: 'x'.repeat(10_000) });
    expect(visitor.paused).toBe(true);
    expect(visitor.texts).toEqual([]);
    release();
    await settled();
    expect(visitor.paused).toBe(false);
    expect(other.frames('offer').map(({ n }) => n)).toEqual(Array.from({ length: 30 }, (_, n) => n));
  });

  it('handles nothing more of a socket that it closes over what was kept', async () => {
    const other = await node.join('lobby', new RoomKey());
    const { promise, release } = held();
    directory.hold = promise;
    const visitor = await node.join('lobby', key);
    for (let i = 0; i < 11; i++) send(visitor, { type: 'nonsense' });
    send(visitor, { type: 'offer', to: other.session.registered!.id });
    release();
    await settled();
    expect(visitor.closed?.code).toBe(4501);
    expect(other.texts.map((text) => (JSON.parse(text) as { type: string }).type)).toEqual([
      'welcome',
      'peer-joined',
      'peer-left',
    ]);
  });

  it('closes a socket whose time is up while it enters, and keeps no place for it', async () => {
    const { promise, release } = held();
    directory.hold = promise;
    const visitor = await node.join('lobby', key);
    node.clock.advance(10_000);
    expect(visitor.closed?.code).toBe(4502);
    release();
    await settled();
    expect(visitor.texts).toEqual([]);
    expect((await node.rooms.look('named:lobby')).claims.size).toBe(0);
  });

  it('asks no holder that has to make way, and closes it with 4500', async () => {
    const holder = await node.join('lobby', key);
    const visitor = node.connect('lobby');
    node.register(visitor, key, { proof: true });
    const signature = key.prove('lobby', visitor.frames('challenge')[0]!.nonce!);
    send(visitor, { type: 'prove', signature });
    await settled();
    expect([holder.challenges, holder.closed]).toEqual([0, { code: 4500, reason: 'displaced' }]);
    expect(visitor.frames('welcome')).toHaveLength(1);
  });

  it('leaves a live holder alone however often others come with its key and no proof', async () => {
    const holder = await node.join('lobby', key);
    const newcomers = [await node.join('lobby', key), await node.join('lobby', key)];
    node.register(newcomers[0]!, key);
    await settled();
    expect(newcomers.map(codes)).toEqual([['id_in_use', 'id_in_use'], ['id_in_use']]);
    expect([holder.challenges, holder.ended]).toEqual([3, false]);
  });

  it('takes no proof for a kind of key that has none', () => {
    const visitor = node.connect('lobby');
    const publicKey = { kty: 'OKP', crv: 'X25519', x: 'hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo' };
    send(visitor, { type: 'register', publicKey, proof: true });
    expect(codes(visitor)).toEqual(['bad_key']);
  });
});
