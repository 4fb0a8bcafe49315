import { Stays, type Stay } from './stays.js';

const TTL = 1000;
const stay = (user: string, conversation: string, stamp: number, node = 'n'): Stay => ({
  user,
  conversation,
  stamp,
  node,
});

describe('Stays', () => {
  const filled = (...all: Stay[]): Stays => {
    const stays = new Stays(TTL, 3);
    for (const each of all) stays.put(each, 0);
    return stays;
  };
  const conversation = (stays: Stays, user: string, now = 0): string | undefined => stays.get(user, now)?.conversation;

  it('keeps the later stay of a user, in whatever order they come', () => {
    const [early, late] = [stay('u', 'a', 1), stay('u', 'b', 2)];
    for (const order of [
      [early, late],
      [late, early],
    ]) {
      expect(filled(...order).get('u', 0)).toEqual(late);
    }
  });

  it('says whether a stay was news', () => {
    const stays = filled(stay('u', 'a', 2));
    expect([stay('u', 'b', 1), stay('u', 'a', 2), stay('u', 'a', 3)].map((each) => stays.put(each, 0))).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('decides between equal stamps by the node, alike on all nodes', () => {
    const [one, other] = [stay('u', 'a', 1, 'n1'), stay('u', 'b', 1, 'n2')];
    expect(conversation(filled(one, other), 'u')).toBe('b');
    expect(conversation(filled(other, one), 'u')).toBe('b');
  });

  it('forgets a user that was not heard of for the time to live', () => {
    const stays = filled(stay('u', 'a', 5));
    expect(conversation(stays, 'u', TTL - 1)).toBe('a');
    expect(conversation(stays, 'u', 2 * TTL - 2)).toBe('a'); // asking was a sign of life
    expect(conversation(stays, 'u', 3 * TTL)).toBeUndefined();
    expect(stays.put(stay('u', 'b', 1), 3 * TTL)).toBe(true); // what has ended stands in nobody's way
  });

  it('gives back the memory of those it has forgotten', () => {
    const stays = filled(stay('u', 'a', 1), stay('v', 'a', 1));
    stays.get('u', TTL / 2);
    expect([stays.expire(TTL - 1), stays.expire(TTL), stays.size]).toEqual([0, 1, 1]);
    expect(conversation(stays, 'u', TTL)).toBe('a');
  });

  it('holds no more than its limit: who was not heard of for longest goes', () => {
    const stays = filled(stay('u', 'a', 1), stay('v', 'a', 1), stay('w', 'a', 1));
    stays.get('u', 0);
    stays.put(stay('x', 'a', 1), 0);
    expect(['u', 'v', 'w', 'x'].map((user) => conversation(stays, user))).toEqual(['a', undefined, 'a', 'a']);
  });

  it('lists what a node let in', () => {
    const stays = filled(stay('u', 'a', 1, 'n1'), stay('v', 'a', 1, 'n2'), stay('__proto__', 'a', 1, 'n1'));
    expect([...stays.of('n1')].map(({ user }) => user)).toEqual(['u', '__proto__']);
  });
});
