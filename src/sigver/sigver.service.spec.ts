import { setImmediate } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { connectFrame, contentFrame } from '../../test/support/sigver-client.js';
import { type FakeSigverPeer, SigverNode } from '../../test/support/sigver-node.js';
import { ApiError } from '../core/errors.js';
import type { Claim, Entry, Roster, Terms } from '../core/rooms/room-directory.js';
import { MemoryRoomDirectory } from '../storage/memory/memory-room-directory.js';
import { HEARTBEAT_MS } from './heartbeats.js';

const TRUE = '2001';
const FALSE = '2000';

/** A directory that answers late, to which other nodes write too, and that may fail. */
class FarDirectory extends MemoryRoomDirectory {
  answers: Promise<void> = Promise.resolve();
  entries = 0;
  failing = false;

  override async look(room: string): Promise<Roster> {
    if (this.failing) throw new ApiError('unavailable');
    await this.answers;
    const { revision, claims } = await super.look(room);
    return { revision, claims: new Map(claims) };
  }

  override async enter(room: string, claim: Claim, terms: Terms, settle: (entry: Entry) => void): Promise<void> {
    this.entries++;
    if (this.failing) throw new ApiError('unavailable');
    return super.enter(room, claim, terms, settle);
  }
}

describe('a decision', () => {
  let directory: FarDirectory;
  let node: SigverNode;

  beforeEach(() => {
    directory = new FarDirectory();
    node = new SigverNode(directory);
  });

  it('is made anew when the group has changed meanwhile', async () => {
    let answer = (): void => {};
    directory.answers = new Promise((resolve) => (answer = resolve));
    const [a, b] = [node.open(), node.open()];
    await a.connects(1);
    await b.connects(2);
    expect([a.sent, b.sent]).toEqual([[], []]);
    answer();
    await setImmediate();
    expect([a.sent, b.sent]).toEqual([[TRUE], [FALSE]]);
    expect(directory.entries).toBe(2);
  });

  it('that came from an old copy of the group is made anew from the directory', async () => {
    const a = node.open();
    await a.connects(1);
    const elsewhere = { place: 'B', member: 'far:1', card: '{"id":5,"favored":false}' };
    await directory.enter('sigver:key', elsewhere, {}, () => undefined);
    expect(node.rooms.get('sigver:key')!.members.size).toBe(1);
    await a.connects(1, 5);
    expect(a.sent).toEqual([TRUE, TRUE]);
    expect((await directory.look('sigver:key')).claims.size).toBe(2);
  });

  it('is of no account once the socket has ended, and leaves nothing behind', async () => {
    for (const connects of [1, 2]) {
      let answer = (): void => {};
      directory.answers = new Promise((resolve) => (answer = resolve));
      const peer = node.open();
      await peer.says(...Array<Buffer>(connects).fill(connectFrame(1)));
      peer.leave();
      answer();
      await setImmediate();
      expect(peer.sent).toEqual([]);
      expect((await directory.look('sigver:key')).claims.size).toBe(0);
    }
  });

  it('takes what the client sends meanwhile afterwards, in order; heartbeats count at once', async () => {
    const member = node.open();
    await member.connects(1);
    let answer = (): void => {};
    const joiner = node.open('other');
    directory.answers = new Promise((resolve) => (answer = resolve));
    await joiner.says(
      connectFrame(1),
      contentFrame({ data: 'x' }),
      connectFrame(2),
      Buffer.from('2801', 'hex'),
      connectFrame(3),
    );
    for (let n = 0; n < 5; n++) {
      node.clock.advance(HEARTBEAT_MS);
      await joiner.says(Buffer.from('0801', 'hex'));
    }
    expect([joiner.closed, joiner.sent]).toEqual([undefined, Array(5).fill('0801')]);
    answer();
    await setImmediate();
    expect([joiner.closed?.code, joiner.sent.slice(5)]).toEqual([4743, [TRUE, TRUE]]);
  });

  it('that cannot be made closes the socket with 1013', async () => {
    const logged = jest.spyOn(Logger.prototype, 'error');
    directory.failing = true;
    const peer = node.open();
    await peer.connects(1);
    expect(peer.closed?.code).toBe(1013);
    expect(logged).not.toHaveBeenCalled(); // that the store is away is logged by its link, once
  });

  it('does not keep the places of sockets that have ended', async () => {
    const [a, b] = [node.open(), node.open()];
    await a.connects(1);
    await b.connects(2, 1);
    const joiner = node.open();
    for (let n = 0; n < 50; n++) {
      await joiner.connects(9);
      const next = node.open();
      await next.connects(3, 1);
      next.leave();
    }
    expect(joiner.session.tried.size).toBeLessThanOrEqual(3);
  });
});

describe('a binding to another node', () => {
  let node: SigverNode;
  let joiner: FakeSigverPeer;
  let member: FakeSigverPeer;
  let id: number;

  beforeEach(async () => {
    node = new SigverNode();
    [member, joiner] = [node.open(), node.open()];
    await member.connects(1);
    await joiner.connects(2);
    id = joiner.session.joining!.id;
  });

  it('is told of in notes: bind, cut, drop', async () => {
    await joiner.says(contentFrame({ data: 'x', lastData: true }));
    const second = node.open();
    await second.connects(3, 1);
    await joiner.connects(2);
    expect(member.notes).toEqual([`bind ${id} ${joiner.id}`, `cut ${id} `, `drop ${id} `]);
  });

  it('ends with that node: the joiner gets its end mark from here', () => {
    node.bindings.partnerGone(joiner.peer, member.id);
    expect(joiner.sent.at(-1)).toBe(contentFrame({ recipientId: id }).toString('hex'));
    expect(joiner.session.joining).toBeUndefined();
    const { length } = joiner.sent;
    node.bindings.partnerGone(joiner.peer, member.id);
    expect(joiner.sent).toHaveLength(length);
  });

  it('ends with that node: the member gets its end mark from here', () => {
    node.bindings.partnerGone(member.peer, joiner.id);
    expect(member.sent.at(-1)).toBe(contentFrame({ senderId: id }).toString('hex'));
    expect(member.session.joiners.size).toBe(0);
  });

  it('ends without a mark where the last data has come', async () => {
    await joiner.says(contentFrame({ data: 'x', lastData: true }));
    const { length } = member.sent;
    node.bindings.partnerGone(member.peer, joiner.id);
    expect(member.sent).toHaveLength(length);
  });

  it('leaves nothing behind', async () => {
    await joiner.connects(2, 1);
    for (const peer of [member, joiner]) peer.leave();
    expect(member.session.joiners.size).toBe(0);
    expect([node.metrics.peers, [...node.rooms.withPrefix('sigver:')]]).toEqual([0, []]);
  });
});
