import { Batch, isBatch, Kind, readBatch } from './bus-messages.js';

describe('a batch', () => {
  it('holds frames and notes in order, byte for byte', () => {
    const batch = new Batch();
    batch.add(Kind.Frame, 1, Buffer.from([0, 255, 10]));
    batch.add(Kind.Frame, 2 ** 40, 'é😀');
    batch.add(Kind.Note, 3, '');
    const message = Buffer.alloc(batch.bytes);
    batch.writeTo(message, 0);
    expect(isBatch(message)).toBe(true);
    expect(Array.from(readBatch(message), ({ kind, member, body }) => [kind, member, body.toString('hex')])).toEqual([
      [Kind.Frame, 1, '00ff0a'],
      [Kind.Frame, 2 ** 40, Buffer.from('é😀').toString('hex')],
      [Kind.Note, 3, ''],
    ]);
  });

  it('is told from a change', () => {
    expect(isBatch(Buffer.from('["room"]'))).toBe(false);
  });
});
