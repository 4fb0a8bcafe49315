import fc from 'fast-check';

/** A member as it is written: `"\u0061" : 1.50` has the key `a` and the text `1.50`. */
interface MemberText {
  key: string;
  text: string;
}

/** An object as it is written, and what it is made of, in order, repeated keys included. */
export interface ObjectText {
  json: string;
  members: MemberText[];
}

const space = fc.string({ unit: fc.constantFrom(' ', '\n', '\r', '\t'), maxLength: 2 });
const escape = fc.oneof(
  fc.constantFrom('\\"', '\\\\', '\\/', '\\b', '\\f', '\\n', '\\r', '\\t'),
  fc.nat({ max: 0xffff }).map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`),
);
const character = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 3 })
  .map((text) => JSON.stringify(text).slice(1, -1));
const punctuation = fc.constantFrom('{', '}', '[', ']', ',', ':', ' ', '\\"', '\\\\');
const stringText = fc
  .array(fc.oneof(escape, character, punctuation), { maxLength: 6 })
  .map((parts) => `"${parts.join('')}"`);
const numberText = fc.stringMatching(/^-?(0|[1-9]\d{0,18})(\.\d{1,4})?([eE][+-]?\d{1,2})?$/);
const wordText = fc.constantFrom('true', 'false', 'null');

/** The same few keys in several spellings, so that they repeat. */
const knownKey = fc.constantFrom(
  '"payload"',
  '"p\\u0061yload"',
  '"type"',
  '"a"',
  '"\\u0061"',
  '""',
  '"__proto__"',
  '"{"',
  '"\\""',
);
const keyText = fc.oneof({ weight: 3, arbitrary: knownKey }, { weight: 1, arbitrary: stringText });

const texts = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.oneof(stringText, numberText, wordText),
    fc.array(fc.tuple(space, tie('value'), space), { maxLength: 4 }).map((items) => `[${items.map(joined).join(',')}]`),
    tie('object'),
  ),
  object: fc
    .array(fc.tuple(space, keyText, space, fc.constant(':'), space, tie('value'), space), { maxLength: 4 })
    .map((members) => `{${members.map(joined).join(',')}}`),
}));

/** The text of any JSON value, as freely written as JSON allows. */
export const jsonText = texts.value;

/** The text of a JSON object, with its members as they were written. */
export const objectText: fc.Arbitrary<ObjectText> = fc
  .tuple(space, fc.array(fc.tuple(space, keyText, space, space, jsonText, space), { maxLength: 6 }), space, space)
  .map(([before, members, inside, after]) => ({
    json: `${before}{${members.map(([a, key, b, c, text, d]) => `${a}${key}${b}:${c}${text}${d}`).join(',') || inside}}${after}`,
    members: members.map(([, key, , , text]) => ({ key: JSON.parse(key) as string, text })),
  }));

function joined(parts: readonly string[]): string {
  return parts.join('');
}
