import fc from 'fast-check';
import { jsonText, objectText } from '../../../test/support/json-text.js';
import { rawMember } from './raw-member.js';

describe('rawMember', () => {
  it.each([
    ['{"payload":1.50}', '1.50'],
    ['{"payload":-0e-0 }', '-0e-0'],
    ['{ "payload" :\n{"b" : 1,"a":[ ]}\t}', '{"b" : 1,"a":[ ]}'],
    ['{"payload":"}\\"]"}', '"}\\"]"'],
    ['{"payload":"\\\\","x":1}', '"\\\\"'],
    ['{"x":{"payload":1},"payload":2}', '2'],
    ['{"x":"\\"payload\\":1","payload":null}', 'null'],
    ['{"payload":1,"payload":[2]}', '[2]'],
    ['{"p\\u0061yload":true}', 'true'],
    ['{"payload":"🙂\\ud83d\\ude42"}', '"🙂\\ud83d\\ude42"'],
  ])('is the text as it was written: %s', (json, text) => {
    expect(rawMember(json, 'payload')).toBe(text);
  });

  it.each(['{}', ' { } ', '{"x":1}', '{"x":{"payload":1}}', '{"x":["payload"]}', '{"Payload":1}', '{"x":"payload"}'])(
    'is undefined where the object itself has no such member: %s',
    (json) => {
      expect(rawMember(json, 'payload')).toBeUndefined();
    },
  );

  it('is, of whatever object, the exact text of the last member of that name, and means what JSON.parse says', () => {
    fc.assert(
      fc.property(objectText, ({ json, members }) => {
        const parsed = JSON.parse(json) as object;
        for (const key of new Set([...members.map((member) => member.key), 'payload'])) {
          const text = rawMember(json, key);
          expect(text).toBe(members.findLast((member) => member.key === key)?.text);
          const meant: unknown = Object.getOwnPropertyDescriptor(parsed, key)?.value;
          if (text === undefined) expect(meant).toBeUndefined();
          else expect(JSON.parse(text)).toEqual(meant);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('finds no name that only stands inside', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        expect(rawMember(`{"x":${text}}`, 'payload')).toBeUndefined();
        expect(rawMember(`{"x":${text},"payload":${text}}`, 'payload')).toBe(text);
      }),
    );
  });

  it('takes time in proportion to the text, also for backslashes, quotes and depth', () => {
    const hostile = [
      `"${'\\\\'.repeat(300_000)}"`,
      `"${'\\"'.repeat(300_000)}"`,
      `${'['.repeat(300_000)}${']'.repeat(300_000)}`,
    ];
    for (const text of hostile) expect(rawMember(`{"x":${text},"payload":${text}}`, 'payload')).toBe(text);
  });
});
