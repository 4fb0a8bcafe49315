import fc from 'fast-check';
import { encodeQuestion, encodeStays, parseQuestion, parseStays } from './whereabouts.frames.js';

const id = fc.string({ unit: 'binary', minLength: 1 });
const stays = fc.array(fc.record({ user: id, conversation: id, stamp: fc.nat(), node: id }), { maxLength: 350 });

describe('stays', () => {
  it('arrive as they were sent, in messages of at most a hundred', () => {
    fc.assert(
      fc.property(stays, (sent) => {
        const pages = [...encodeStays(sent)].map(parseStays);
        expect(pages.flat()).toEqual(sent);
        expect(pages.length).toBe(Math.ceil(sent.length / 100));
      }),
    );
  });

  it.each([
    '',
    'x',
    'null',
    '[]',
    '{}',
    '{"stays":{}}',
    '{"stays":[null]}',
    '{"stays":[{"user":"u","conversation":"c","stamp":1}]}',
    '{"stays":[{"user":"","conversation":"c","stamp":1,"node":"n"}]}',
    '{"stays":[{"user":"u","conversation":"c","stamp":"1","node":"n"}]}',
    '{"stays":[{"user":"u","conversation":1,"stamp":1,"node":"n"}]}',
  ])('are refused whole when one is wrong: %s', (text) => {
    expect(() => parseStays(text)).toThrow();
  });
});

describe('questions', () => {
  it('are for one user, or for all', () => {
    expect(parseQuestion(encodeQuestion('u'))).toBe('u');
    expect(parseQuestion(encodeQuestion())).toBeUndefined();
  });

  it.each(['', 'null', '{"user":1}'])('are refused: %j', (text) => {
    expect(() => parseQuestion(text)).toThrow();
  });
});
