import fc from 'fast-check';
import { jsonText, objectText } from '../../test/support/json-text.js';
import { readdress } from './readdress.js';

const ME = 'f'.repeat(64);

/** Every way to write a name. */
const spelling = (name: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      ...Array.from(name, (letter) =>
        fc.constantFrom(
          letter,
          `\\u00${letter.charCodeAt(0).toString(16)}`,
          `\\u00${letter.charCodeAt(0).toString(16).toUpperCase()}`,
        ),
      ),
    )
    .map((letters) => `"${letters.join('')}"`);

const space = fc.string({ unit: fc.constantFrom(' ', '\n', '\t', '\r'), maxLength: 2 });
const routing = fc
  .tuple(fc.constantFrom('to', 'type', 'from').chain(spelling), space, jsonText)
  .map(([key, blank, value]) => ({ key: JSON.parse(key) as string, text: `${key}${blank}:${value}` }));
const other = objectText.map(({ members: [member] }) => ({
  key: member?.key ?? 'x',
  text: `${JSON.stringify(member?.key ?? 'x')}:${member?.text ?? '1'}`,
}));

describe('readdress', () => {
  it.each([
    ['{"type":"offer","to":"a"}', `{"type":"offer","from":"${ME}"}`],
    [' { "to" :\n"a" , "type":"offer" } ', ` { "from" :\n"${ME}" , "type":"offer" } `],
    ['{"from":1,"type":"offer","to":"a"}', `{"type":"offer","from":"${ME}"}`],
    ['{ "from":1 , "type":"offer","to":"a"}', `{ "type":"offer","from":"${ME}"}`],
    ['{"type":"offer","to":"a","from":1 }', `{"type":"offer","from":"${ME}" }`],
    ['{"type":"offer", "from" : 1 ,"to":"a"}', `{"type":"offer" ,"from":"${ME}"}`],
    ['{"to":1,"type":0,"type":"offer","to":"a"}', `{"type":"offer","from":"${ME}"}`],
  ])('puts `from` in the place of `to`: %s', (json, readdressed) => {
    expect(readdress(json, ME)).toBe(readdressed);
  });

  it('leaves every other member as it was, for any object however written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(routing, other), { maxLength: 8 }),
        fc.array(fc.oneof(routing, other), { maxLength: 4 }),
        space,
        (before, after, blank) => {
          const members = [
            ...before,
            { key: 'to', text: `"to":"a"` },
            { key: 'type', text: `"type":"offer"` },
            ...after,
          ];
          const json = `${blank}{${members.map(({ text }) => text).join(`${blank},${blank}`)}${blank}}`;
          const readdressed = readdress(json, ME);
          const kept = members.filter(
            ({ key }, i) =>
              key !== 'from' &&
              ((key !== 'to' && key !== 'type') || i === members.findLastIndex((member) => member.key === key)),
          );
          const texts = kept.map(({ key, text }) => (key === 'to' ? undefined : text));
          let at = 0;
          for (const text of texts) {
            if (text === undefined) continue;
            at = readdressed.indexOf(text, at);
            expect(at).toBeGreaterThan(-1);
            at += text.length;
          }
          const sent = new Map(Object.entries(JSON.parse(json) as object));
          sent.delete('to');
          sent.set('from', ME);
          expect(new Map(Object.entries(JSON.parse(readdressed) as object))).toEqual(sent);
        },
      ),
      { numRuns: 500 },
    );
  });
});
