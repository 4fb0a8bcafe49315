import fc from 'fast-check';
import { encodeHead, encodePresence, packetStart, parseHead, parsePresence, subjectsOf } from './crossing.frames.js';

const id = fc.string({ unit: 'grapheme', minLength: 1 });

describe('packets between nodes', () => {
  it('arrive with their speaker', () => {
    const voice = fc.record({ user: id, client: id, levelId: fc.integer({ min: 0, max: 14 }) });
    fc.assert(
      fc.property(voice, fc.uint8Array({ minLength: 12 }), (speaker, packet) => {
        const message = Buffer.concat([encodeHead(speaker), packet]);
        const start = packetStart(message);
        expect(parseHead(message.subarray(0, start))).toEqual(speaker);
        expect(message.subarray(start).equals(packet)).toBe(true);
      }),
    );
  });

  it.each(['', '00', '0000', 'ffff7b7d', `0000${'00'.repeat(11)}`])('are refused when cut: %s', (hex) => {
    expect(() => packetStart(Buffer.from(hex, 'hex'))).toThrow();
  });

  it.each(['', '{', 'null', '{}', '{"user":"u","client":"c"}', '{"user":1,"client":"c","levelId":1}'])(
    'are refused when their speaker is %j',
    (json) => {
      expect(() => parseHead(Buffer.from(`xx${json}`))).toThrow();
    },
  );
});

describe('the presence of a node', () => {
  it('arrives as it was sent', () => {
    const presence = { node: 'n', listens: true, asks: false };
    expect(parsePresence(encodePresence(presence))).toEqual(presence);
  });

  it.each(['', 'null', '{}', '{"node":"n","listens":1,"asks":true}'])('is refused: %j', (text) => {
    expect(() => parsePresence(text)).toThrow();
  });
});

describe('the subjects of a conversation', () => {
  it('are its own, and subjects whatever its id is', () => {
    fc.assert(
      fc.property(id, id, (one, other) => {
        const { packets, nodes } = subjectsOf(one);
        for (const subject of [packets, nodes]) expect(subject).toMatch(/^signalbox\.voice\.\w+\.[\w-]{43}$/);
        expect(subjectsOf(other).packets === packets).toBe(one === other);
      }),
    );
  });
});
