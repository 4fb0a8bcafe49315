import { randomUUID } from 'node:crypto';
import { connectFrame, type SigverClient } from '../../../support/sigver-client.js';
import { Peers, signalingId, type UrlOf } from './peers.js';

/** What a `connect` leads to. */
export function groupScenarios(urlOf: UrlOf): void {
  let peers: Peers;
  beforeEach(() => {
    peers = new Peers(urlOf);
  });

  /** Whether somebody who says so would be taken for a friend of this member id. */
  const knows = async (id: number): Promise<boolean> => {
    const stranger = await peers.open();
    const answer = await stranger.connect(999_999, [id]);
    await stranger.socket.close();
    return answer;
  };

  it('lets the first peer in, and lets it say so again', async () => {
    const peer = await peers.open();
    expect([await peer.connect(1), await peer.connect(1), await peer.connect(1, [7])]).toEqual([true, true, true]);
  });

  it('knows a member by the id that it said last', async () => {
    const peer = await peers.open();
    await peer.connect(1);
    await peer.connect(2);
    expect(await (await peers.open()).connect(3, [1])).toBe(false);
    expect(await (await peers.open()).connect(4, [2])).toBe(true);
  });

  it('lets in who is connected to the only member', async () => {
    await peers.group(1);
    expect(await (await peers.open()).connect(2, [5, 1])).toBe(true);
  });

  it('lets in who is connected to any member', async () => {
    await peers.group(3);
    expect(await (await peers.open()).connect(4, [77, 3, 78])).toBe(true);
  });

  it.each([0, 2 ** 31, 2 ** 32 - 1])('takes %d for an id like any other', async (id) => {
    expect(await (await peers.open()).connect(id)).toBe(true);
    expect(await (await peers.open()).connect(5, [id])).toBe(true);
  });

  it('lets the first two to come at once find each other: one is in, the other bound to it', async () => {
    const both = [await peers.open(), await peers.open()];
    const answers = await Promise.all(both.map((peer, i) => peer.connect(i + 1)));
    expect([...answers].sort()).toEqual([false, true]);
    await signalingId(both[answers.indexOf(false)]!, both[answers.indexOf(true)]!);
  });

  it('answers as many connects as it gets, in one go, from many at once', async () => {
    const crowd: SigverClient[] = [];
    for (let i = 0; i < 10; i++) crowd.push(await peers.open());
    const friends = crowd.map((_, i) => i);
    for (const [i, peer] of crowd.entries()) peer.send(...Array<Buffer>(20).fill(connectFrame(i, friends)));
    for (const peer of crowd) {
      for (let n = 0; n < 20; n++) expect(await peer.answer()).toBe(true);
    }
  });

  describe('for a stranger', () => {
    it('binds it to the only member', async () => {
      const { member, joiner } = await peers.bound();
      expect(await joiner.connect(2, [1])).toBe(true);
      expect(member.socket.closed).toBeUndefined();
    });

    it('gives it the place of the only member that it has tried, which is closed with 4744', async () => {
      const { member, joiner } = await peers.bound();
      expect(await joiner.connect(2)).toBe(true);
      expect(await member.end()).toMatchObject({ code: 4744 });
      expect([await knows(1), await knows(2)]).toEqual([false, true]);
    });

    it('keeps the only member whom another stranger has tried', async () => {
      const { member } = await peers.bound();
      const other = await peers.open();
      expect(await other.connect(3)).toBe(false);
      await signalingId(other, member);
    });

    it('tries the members in order of joining, then begins again', async () => {
      const members = await peers.group(3);
      const stranger = await peers.open();
      for (const member of [...members, members[0]!]) {
        expect(await stranger.connect(9)).toBe(false);
        await signalingId(stranger, member);
      }
    });

    it('prefers favored members', async () => {
      const members = await peers.group(4, '', '', '?favored', '?x=1&favored=0');
      const stranger = await peers.open();
      for (const turn of [2, 3, 0, 1, 2]) {
        expect(await stranger.connect(9)).toBe(false);
        await signalingId(stranger, members[turn]!);
      }
    });

    it('forgets whom it tried once it is in', async () => {
      const [first] = await peers.group(2);
      const stranger = await peers.open();
      expect([await stranger.connect(9), await stranger.connect(9, [1])]).toEqual([false, true]);
      expect(await stranger.connect(9)).toBe(false);
      await signalingId(stranger, first!);
    });

    it('keeps the turn of a member that joins again', async () => {
      const [first] = await peers.group(2);
      expect(await first!.connect(1, [2])).toBe(true);
      const stranger = await peers.open();
      expect(await stranger.connect(9)).toBe(false);
      await signalingId(stranger, first!);
    });
  });

  describe('for a member that knows no other', () => {
    it('takes it out and binds it to another', async () => {
      const [first, second] = await peers.group(2);
      expect(await first!.connect(1)).toBe(false);
      await signalingId(first!, second!);
      expect([await knows(1), await knows(2)]).toEqual([false, true]);
    });

    it('lets it in again behind the others', async () => {
      const [first, second] = await peers.group(2);
      expect([await first!.connect(1), await first!.connect(1, [2])]).toEqual([false, true]);
      const stranger = await peers.open();
      expect(await stranger.connect(9)).toBe(false);
      await signalingId(stranger, second!);
    });
  });

  describe('that has lost', () => {
    it.each(['closes', 'breaks off'])('a member, which %s, does not know it any more', async (how) => {
      const [, second] = await peers.group(2);
      if (how === 'closes') await second!.socket.close();
      else second!.socket.terminate();
      for (let known = true; known;) known = await knows(2);
      expect(await knows(1)).toBe(true);
    });

    it('its last member is another one: the next to come is the first', async () => {
      const [only] = await peers.group(1);
      only!.socket.terminate();
      const next = await peers.open();
      for (let isIn = false; !isIn;) isIn = await next.connect(3, [3]);
      expect(await knows(1)).toBe(false);
    });
  });

  it('keeps the groups of different keys apart, as the keys were sent', async () => {
    const name = randomUUID();
    const keys = [name, `${name}/`, `${name}/x`, `${name}%2Fx`, `${name}%2fx`, name.toUpperCase() + 'X'];
    for (const key of keys) expect(await (await peers.open('', key)).connect(1)).toBe(true);
    for (const key of keys) expect(await (await peers.open('?any=thing', key)).connect(2)).toBe(false);
  });
}
