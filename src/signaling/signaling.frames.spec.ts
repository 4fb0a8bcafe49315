import fc from 'fast-check';
import { jsonText, objectText } from '../../test/support/json-text.js';
import { BadFrame, type ClientFrame, errorFrame, mailFrame, parseFrame } from './signaling.frames.js';

function parse(text: string | Buffer, isBinary = false): ClientFrame | string {
  try {
    return parseFrame(typeof text === 'string' ? Buffer.from(text) : text, isBinary);
  } catch (error) {
    if (error instanceof BadFrame) return error.reason;
    throw error;
  }
}

/** Upper and lower case at random. */
const anyCase = (word: string): fc.Arbitrary<string> =>
  fc
    .tuple(...Array.from(word, (letter) => fc.constantFrom(letter, letter.toUpperCase())))
    .map((letters) => letters.join(''));

describe('frames that are passed on', () => {
  it.each(['offer', 'answer', 'ice', 'sender_ready', 'iroh_offer'])(
    'are known by their type in any case, whatever else they hold: %s',
    (type) => {
      fc.assert(
        fc.property(anyCase(type), objectText, (written, { json, members }) => {
          const rest = json.trim().slice(1, -1).trim();
          if (members.some(({ key }) => key === 'type')) return;
          expect(parse(`{"type":"${written}"${rest && `,${rest}`}}`)).toEqual({ type });
          expect(parse(`{${rest && `${rest},`} "type" : "${written}" }`)).toEqual({ type });
        }),
      );
    },
  );

  it('have the last of several types, and may be written with escapes', () => {
    expect(parse('{"type":"ice","type":"offer"}')).toEqual({ type: 'offer' });
    expect(parse('{"t\\u0079pe":"\\u006Fffer"}')).toEqual({ type: 'offer' });
  });
});

describe('hello', () => {
  it.each([
    ['', 0],
    [',"side":"A"', 0],
    [',"sessionId":"s","deliveredUpTo":0', 0],
    [',"deliveredUpTo":null', 0],
    [',"deliveredUpTo":7', 7],
    [`,"deliveredUpTo":${2 ** 52}`, 2 ** 52],
  ])('tells how far its sender has come, or 0: %s', (rest, deliveredUpTo) => {
    expect(parse(`{"type":"hello"${rest}}`)).toEqual({ type: 'hello', deliveredUpTo });
  });

  it('is known in any case', () => {
    fc.assert(
      fc.property(anyCase('hello'), (type) => expect(parse(JSON.stringify({ type }))).toMatchObject({ type: 'hello' })),
    );
  });
});

describe('numbers', () => {
  it.each(['-1', '1.5', '1e300', '4503599627370497', '"1"', 'true', '{}', '[1]', '-0.5'])(
    'that are no whole number from 0 to 2^52: %s',
    (value) => {
      expect(parse(`{"type":"hello","deliveredUpTo":${value}}`)).toBe('bad_number');
      expect(parse(`{"type":"delivered","upTo":${value}}`)).toBe('bad_number');
    },
  );

  it('are needed in delivered', () => {
    expect(parse('{"type":"delivered","upTo":3}')).toEqual({ type: 'delivered', upTo: 3 });
    for (const rest of ['', ',"upTo":null', ',"deliveredUpTo":3'])
      expect(parse(`{"type":"delivered"${rest}}`)).toBe('bad_number');
  });
});

describe('send', () => {
  it.each([
    ['"A"', 'A'],
    ['"a"', 'A'],
    ['"B"', 'B'],
    ['"b"', 'B'],
  ])('goes to a side: %s', (to, side) => {
    expect(parse(`{"type":"send","to":${to},"payload":1}`)).toEqual({ type: 'send', to: side, payload: '1' });
  });

  it.each(['"C"', '""', '"AB"', '" A"', 'null', '1', '["A"]', '{"A":1}'])('goes nowhere else: %s', (to) => {
    expect(parse(`{"type":"send","to":${to},"payload":1}`)).toBe('bad_target');
  });

  it('needs a payload, though any will do', () => {
    expect(parse('{"type":"send","to":"A"}')).toBe('no_payload');
    expect(parse('{"type":"send","to":"A","Payload":1,"x":{"payload":1}}')).toBe('no_payload');
    expect(parse('{"type":"send","to":"A","payload":null}')).toMatchObject({ payload: 'null' });
  });

  it.each([
    '1.50',
    '12345678901234567890',
    '-0',
    '1E2',
    '"é 🙂 \\u00e9 \u2028"',
    '"{\\"type\\":\\"x\\"}"',
    '{"b":1, "a":[ ] }',
  ])('keeps its payload to the letter: %s', (payload) => {
    expect(parse(`{"payload": ${payload} ,"to":"B","type":"send"}`)).toEqual({ type: 'send', to: 'B', payload });
    expect(parse(`{"payload": ${payload} ,"to":"B","type":"send"}`, true)).toMatchObject({ payload });
  });

  it('keeps any payload to the letter', () => {
    fc.assert(
      fc.property(jsonText, jsonText, (payload, other) => {
        expect(parse(`{"x":${other},"type":"SEND","to":"a","payload":${payload}}`)).toEqual({
          type: 'send',
          to: 'A',
          payload,
        });
      }),
    );
  });
});

describe('telemetry', () => {
  it('has an event, and a mode and a reason in lower case without spaces around', () => {
    expect(parse('{"type":"telemetry","event":"ice-connected","mode":" Relay\\n"}')).toEqual({
      type: 'telemetry',
      event: 'ice-connected',
      mode: 'relay',
      reason: '',
    });
    expect(parse('{"type":"telemetry","event":"ice-failed","mode":5,"reason":"TimeOut"}')).toMatchObject({
      event: 'ice-failed',
      mode: '',
      reason: 'timeout',
    });
  });

  it.each(['', ',"event":null', ',"event":"ice"', ',"event":"ICE-CONNECTED"', ',"event":["ice-failed"]'])(
    'has no other event: %s',
    (rest) => {
      expect(parse(`{"type":"telemetry"${rest}}`)).toBe('bad_event');
    },
  );
});

describe('frames from the server', () => {
  it('carry mail in the dialect of their reader, its payload as it was', () => {
    expect(mailFrame('deliver', 3, 'A', '1.50')).toBe('{"type":"deliver","seq":3,"from":"A","payload":1.50}');
    expect(mailFrame('send', 1, 'B', '"x"')).toBe('{"type":"send","seq":1,"payload":"x"}');
  });

  it('explain an error with a stable code', () => {
    expect(JSON.parse(errorFrame('not_json', 'a "reason"'))).toEqual({
      type: 'error',
      code: 'not_json',
      message: 'a "reason"',
    });
  });
});
