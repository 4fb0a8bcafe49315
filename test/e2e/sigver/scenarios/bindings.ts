import { connectFrame, contentFrame, type Got, type SigverClient } from '../../../support/sigver-client.js';
import { Peers, signalingId, type UrlOf } from './peers.js';

/** What passes between a joiner and the member it is bound to. */
export function bindingScenarios(urlOf: UrlOf): void {
  let peers: Peers;
  beforeEach(() => {
    peers = new Peers(urlOf);
  });

  const toMember = (id: number, data?: string): Got => ({ senderId: id, recipientId: 0, lastData: false, data });
  const toJoiner = (id: number, data?: string): Got => ({ senderId: 0, recipientId: id, lastData: false, data });

  it('has an id of 31 bits that is not 0', async () => {
    const { id } = await peers.bound();
    expect(id).toBeGreaterThan(0);
    expect(id).toBeLessThan(2 ** 31);
    expect(Number.isInteger(id)).toBe(true);
  });

  it.each([0, 1, 77, 2 ** 32 - 1])('takes what the joiner says to %d to the member', async (recipientId) => {
    const { member, joiner, id } = await peers.bound();
    joiner.say({ senderId: 5, recipientId, data: 'hello' });
    expect(await member.content()).toEqual(toMember(id, 'hello'));
  });

  it('takes what the member says to its id to the joiner, and nothing else', async () => {
    const { member, joiner, id } = await peers.bound();
    for (const recipientId of [0, 1, 2, id + 1]) member.say({ recipientId, data: 'astray' });
    member.say({ senderId: 9, recipientId: id, data: 'hello' });
    expect(await joiner.content()).toEqual(toJoiner(id, 'hello'));
  });

  it('passes empty contents, and large ones', async () => {
    const { member, joiner, id } = await peers.bound();
    const large = 'x'.repeat(500_000);
    joiner.send(contentFrame({}), contentFrame({ data: large }));
    expect([await member.content(), await member.content()]).toEqual([toMember(id), toMember(id, large)]);
    member.send(contentFrame({ recipientId: id }), contentFrame({ recipientId: id, data: large }));
    expect([await joiner.content(), await joiner.content()]).toEqual([toJoiner(id), toJoiner(id, large)]);
  });

  it('is there for what is sent right behind the connect, in order', async () => {
    const [member] = await peers.group(1);
    const joiner = await peers.open();
    const said = Array.from({ length: 500 }, (_, n) => `no. ${n}`);
    joiner.send(connectFrame(2), ...said.map((data) => contentFrame({ data })));
    for (const data of said) expect((await member!.content()).data).toBe(data);
    expect(await joiner.answer()).toBe(false);
  });

  it('outlives the joining, in both directions', async () => {
    const { member, joiner, id } = await peers.bound();
    expect(await joiner.connect(2, [1])).toBe(true);
    expect(await signalingId(joiner, member)).toBe(id);
    member.say({ recipientId: id, data: 'welcome' });
    expect(await joiner.content()).toEqual(toJoiner(id, 'welcome'));
  });

  it('is one of several on a member, each with an id of its own', async () => {
    const { member, joiner, id } = await peers.bound();
    const other = await peers.open();
    expect(await other.connect(3)).toBe(false);
    const otherId = await signalingId(other, member);
    expect(otherId).not.toBe(id);
    member.say({ recipientId: otherId, data: 'to the other' });
    member.say({ recipientId: id, data: 'to the one' });
    expect(await joiner.content()).toEqual(toJoiner(id, 'to the one'));
    expect(await other.content()).toEqual(toJoiner(otherId, 'to the other'));
  });

  it('is one of two of a member that joined itself: what that says to its joiner goes to its own member too', async () => {
    const { member, joiner, id } = await peers.bound();
    expect(await joiner.connect(2, [1])).toBe(true);
    await member.socket.settled();
    expect(await member.connect(1, [2])).toBe(true);
    const third = await peers.open('?favored');
    expect(await third.connect(3)).toBe(false);
    await signalingId(third, member);
    expect(await third.connect(3)).toBe(false);
    const thirdId = await signalingId(third, joiner);
    joiner.say({ recipientId: thirdId, data: 'both' });
    expect(await third.content()).toEqual(toJoiner(thirdId, 'both'));
    expect((await untilData(member, 'both')).senderId).toBe(id);
  });

  describe('whose last data', () => {
    it('the joiner has sent still takes that, and what the member says', async () => {
      const { member, joiner, id } = await peers.bound();
      joiner.say({ data: 'last', lastData: true });
      joiner.say({ data: 'too late' });
      expect(await member.content()).toEqual(toMember(id, 'last'));
      member.say({ recipientId: id, data: 'still here' });
      expect(await joiner.content()).toEqual(toJoiner(id, 'still here'));
      expect(await joiner.connect(2, [1])).toBe(true);
      expect(member.contents.map(({ data }) => data)).not.toContain('too late');
    });

    it('the member has sent still takes that, and what the joiner says', async () => {
      const { member, joiner, id } = await peers.bound();
      member.say({ recipientId: id, data: 'last', lastData: true });
      member.say({ recipientId: id, data: 'too late' });
      expect(await joiner.content()).toEqual(toJoiner(id, 'last'));
      expect(await signalingId(joiner, member)).toBe(id);
      joiner.socket.terminate();
      expect(await member.content()).toEqual(toMember(id));
      expect(joiner.contents).toHaveLength(1);
    });
  });

  describe('whose joiner', () => {
    it.each(['closes', 'breaks off'])('%s: the member gets an end mark', async (how) => {
      const { member, joiner, id } = await peers.bound();
      if (how === 'closes') await joiner.socket.close();
      else joiner.socket.terminate();
      expect(await member.content()).toEqual(toMember(id));
    });

    it('goes after its last data: no end mark', async () => {
      const { member, joiner, id } = await peers.bound();
      joiner.say({ data: 'last', lastData: true });
      expect(await member.content()).toEqual(toMember(id, 'last'));
      await joiner.socket.close();
      const next = await peers.open();
      expect(await next.connect(3)).toBe(false);
      expect(await signalingId(next, member)).not.toBe(id);
    });

    it('is bound again: the former id is dead, and nobody gets an end mark', async () => {
      const { member, joiner, id } = await peers.bound();
      const second = await peers.open();
      expect(await second.connect(2, [1])).toBe(true);
      expect(await joiner.connect(3)).toBe(false);
      const newId = await signalingId(joiner, second);
      expect(newId).not.toBe(id);
      member.say({ recipientId: id, data: 'to the former id' });
      await member.socket.settled();
      second.say({ recipientId: newId, data: 'to the new id' });
      expect(await joiner.content()).toEqual(toJoiner(newId, 'to the new id'));
      expect(await joiner.connect(3)).toBe(false);
      expect(await signalingId(joiner, member)).not.toBe(id);
    });
  });

  describe('whose member', () => {
    it.each(['closes', 'breaks off'])('%s: the joiner gets an end mark', async (how) => {
      const { member, joiner, id } = await peers.bound();
      if (how === 'closes') await member.socket.close();
      else member.socket.terminate();
      expect(await joiner.content()).toEqual(toJoiner(id));
      joiner.say({ data: 'to nobody' });
      expect(await joiner.connect(2)).toBe(true);
    });

    it('goes after its last data: no end mark', async () => {
      const { member, joiner, id } = await peers.bound();
      const second = await peers.open();
      expect(await second.connect(2, [1])).toBe(true);
      member.say({ recipientId: id, data: 'last', lastData: true });
      expect(await joiner.content()).toEqual(toJoiner(id, 'last'));
      await member.socket.close();
      expect(await joiner.connect(3)).toBe(false);
      const newId = await signalingId(joiner, second);
      second.say({ recipientId: newId, data: 'next' });
      expect(await joiner.content()).toEqual(toJoiner(newId, 'next'));
    });

    it('is replaced by the joiner: after its answer the joiner gets an end mark', async () => {
      const { joiner, id } = await peers.bound();
      expect(await joiner.connect(2)).toBe(true);
      expect(await joiner.content()).toEqual(toJoiner(id));
    });
  });

  it('does not exist for a peer that has not asked: what it says goes nowhere, and it stays', async () => {
    const loner = await peers.open();
    loner.say({ recipientId: 1, data: 'anybody?' });
    loner.say({ recipientId: 1, lastData: true });
    expect(await loner.connect(1)).toBe(true);
    loner.say({ recipientId: 1, data: 'anybody?' });
    expect(await loner.connect(1)).toBe(true);
  });
}

async function untilData(peer: SigverClient, data: string): Promise<Got> {
  for (;;) {
    const got = await peer.content();
    if (got.data === data) return got;
  }
}
