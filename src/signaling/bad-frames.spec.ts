import fc from 'fast-check';
import { jsonText } from '../../test/support/json-text.js';
import { BAD_FRAME_REASONS, BadFrame, type ClientFrame, parseFrame } from './signaling.frames.js';

function parse(text: string | Buffer, isBinary = false): ClientFrame | string {
  try {
    return parseFrame(typeof text === 'string' ? Buffer.from(text) : text, isBinary);
  } catch (error) {
    if (error instanceof BadFrame) return error.reason;
    throw error;
  }
}

describe('frames that cannot be used', () => {
  it.each([
    '',
    ' ',
    '{',
    '{"type":"offer"',
    '{"type":"offer"}}',
    '{"type":"offer",}',
    "{'type':'offer'}",
    '\ufeff{"type":"offer"}',
    'offer',
  ])('are no JSON: %j', (text) => {
    expect(parse(text)).toBe('not_json');
  });

  it.each(['null', 'true', '1', '"offer"', '[]', '[{"type":"offer"}]'])('are no object: %s', (text) => {
    expect(parse(text)).toBe('not_object');
  });

  it.each([
    '{}',
    '{"type":""}',
    '{"type":"offers"}',
    '{"type":" offer"}',
    '{"type":"room_full"}',
    '{"type":"deliver"}',
    '{"type":"error"}',
  ])('are of no type that clients send: %s', (text) => {
    expect(parse(text)).toBe('unknown_type');
  });

  it.each(['null', '1', '["offer"]', '{"offer":1}', '"constructor"', '"__proto__"'])(
    'have a type that is none: %s',
    (type) => {
      expect(parse(`{"type":${type}}`)).toBe('unknown_type');
    },
  );

  it('do not get a type from their prototype', () => {
    expect(parse('{"__proto__":{"type":"offer"}}')).toBe('unknown_type');
  });

  it('are binary and no UTF-8', () => {
    expect(
      parse(Buffer.concat([Buffer.from('{"type":"offer","x":"'), Buffer.from([0xff]), Buffer.from('"}')]), true),
    ).toBe('not_json');
    expect(parse(Buffer.from('{"type":"offer","x":"é"}'), true)).toEqual({ type: 'offer' });
  });

  it('are deeper than anybody needs, and still only cost their reading', () => {
    expect(parse(`{"type":"offer","x":${'['.repeat(200_000)}`)).toBe('not_json');
    expect(BAD_FRAME_REASONS).toContain(parse(`{"x":${'[{"y":'.repeat(50_000)}1${'}]'.repeat(50_000)}}`));
  });
});

describe('parseFrame', () => {
  const types = ['offer', 'ANSWER', 'ice', 'hello', 'send', 'delivered', 'telemetry', 'room_full', ''];
  const almost = fc
    .tuple(fc.constantFrom(...types), fc.constantFrom('to', 'upTo', 'deliveredUpTo', 'event', 'payload'), jsonText)
    .map(([type, key, value]) => Buffer.from(`{"type":"${type}","${key}":${value}}`));
  const bytes = fc.uint8Array({ maxLength: 64 }).map((array) => Buffer.from(array));

  it('throws nothing but BadFrame, for any bytes whatever', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          bytes,
          fc.json().map((text) => Buffer.from(text)),
          almost,
        ),
        fc.boolean(),
        (data, isBinary) => {
          const frame = parse(data, isBinary);
          if (typeof frame === 'string') expect(BAD_FRAME_REASONS).toContain(frame);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('leaves the bytes as they are', () => {
    fc.assert(
      fc.property(almost, (data) => {
        const before = Buffer.from(data);
        parse(data);
        expect(data.equals(before)).toBe(true);
      }),
    );
  });
});
