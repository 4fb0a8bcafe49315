import fc from 'fast-check';
import { parse } from 'protobufjs';
import { biteKey, encodeBite } from './bite.js';

const { root } = parse(`
  syntax = "proto3";
  message Bite { string key = 1; uint64 start = 2; bytes data = 3; }
  message Store { string type = 1; Bite bite = 2; }
`);
const [Bite, Store] = [root.lookupType('Bite'), root.lookupType('Store')];

describe('bites', () => {
  it('have these bytes', () => {
    const { bite, store } = encodeBite(biteKey('ab'), 1_700_000_000, Buffer.from('8078', 'hex'));
    const inner = '0a026162' + '1080e2cfaa06' + '1a028078';
    expect(bite.toString('hex')).toBe(inner);
    expect(store.toString('hex')).toBe(`0a0462697465120e${inner}`);
  });

  it("have the same bytes as another encoder's", () => {
    const key = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 });
    const start = fc.oneof(fc.integer({ min: 1, max: 2 ** 33 }), fc.maxSafeNat().filter(Boolean));
    const data = fc.uint8Array({ minLength: 1, maxLength: 1600 });
    fc.assert(
      fc.property(key, start, data, (conversation, second, packet) => {
        const message = { key: conversation, start: second, data: packet };
        const { bite, store } = encodeBite(biteKey(conversation), second, Buffer.from(packet));
        expect(bite.equals(Bite.encode(message).finish())).toBe(true);
        expect(store.equals(Store.encode({ type: 'bite', bite: message }).finish())).toBe(true);
      }),
    );
  });
});
