import { type Card, decide, type Decision } from './group.js';

/** Members by place, in order of joining: `A1` has the place A and the id 1, `B2*` is favored as well. */
function roster(...members: string[]): Map<string, Card> {
  return new Map(
    members.map((text) => [text[0]!, { id: Number.parseInt(text.slice(1)), favored: text.endsWith('*') }]),
  );
}

const joiner = (place: string, ...tried: string[]) => ({ place, tried: new Set(tried) });
const bound = (place: string, anew = false): Decision => ({ outcome: 'bound', place, anew });

describe('what a connect leads to', () => {
  it.each<[string, Map<string, Card>, ReturnType<typeof joiner>, number[], Decision]>([
    ['founds where nobody is', roster(), joiner('J'), [], { outcome: 'founds' }],
    ['founds whomever it says it knows', roster(), joiner('J', 'A'), [1, 2], { outcome: 'founds' }],
    ['is in when it is alone there', roster('J1'), joiner('J'), [], { outcome: 'joins' }],
    ['is in when it is alone there, whomever it knows', roster('J1'), joiner('J'), [9], { outcome: 'joins' }],
    ['joins the only member that it knows', roster('A1'), joiner('J'), [1], { outcome: 'joins' }],
    ['joins the only member that it knows and has tried', roster('A1'), joiner('J', 'A'), [1], { outcome: 'joins' }],
    [
      'replaces the only member that it has tried',
      roster('A1'),
      joiner('J', 'A'),
      [],
      { outcome: 'replaces', place: 'A' },
    ],
    ['is bound to the only member that it has not tried', roster('A1'), joiner('J', 'X'), [7], bound('A')],
    ['joins with any id that it knows', roster('A1', 'B2', 'C3'), joiner('J'), [8, 3], { outcome: 'joins' }],
    ['joins again with an id that it knows', roster('J1', 'B2'), joiner('J'), [2], { outcome: 'joins' }],
    [
      'joins again with its own id, which is one of the group',
      roster('J1', 'B2'),
      joiner('J'),
      [1],
      { outcome: 'joins' },
    ],
    ['knows the id 0', roster('A0', 'B2'), joiner('J'), [0], { outcome: 'joins' }],
    ['is bound to the first', roster('A1', 'B2', 'C3'), joiner('J'), [], bound('A')],
    ['is bound to the first it has not tried', roster('A1', 'B2', 'C3'), joiner('J', 'A'), [], bound('B')],
    ['begins again after the last', roster('A1', 'B2'), joiner('J', 'A', 'B', 'X'), [], bound('A', true)],
    ['prefers the first favored', roster('A1', 'B2', 'C3*', 'D4*'), joiner('J'), [], bound('C')],
    ['prefers favored ones it has not tried', roster('A1', 'C3*', 'D4*'), joiner('J', 'C'), [], bound('D')],
    ['then takes the others', roster('A1', 'B2', 'C3*'), joiner('J', 'C'), [], bound('A')],
    ['then begins with the favored again', roster('A1', 'C3*'), joiner('J', 'C', 'A'), [], bound('C', true)],
    ['is never bound to itself', roster('J1*', 'B2'), joiner('J'), [], bound('B')],
    [
      'out of two, is bound to the other even if it was tried',
      roster('J1', 'B2'),
      joiner('J', 'B'),
      [],
      bound('B', true),
    ],
  ])('%s', (_what, group, who, members, decision) => {
    expect(decide(group, who, members)).toEqual(decision);
  });
});
