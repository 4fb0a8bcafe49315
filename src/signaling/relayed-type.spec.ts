import fc from 'fast-check';
import { objectText } from '../../test/support/json-text.js';
import { relayedType } from './relayed-type.js';

const SDP = 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n\\ "é"\t/';
const CAND = { candidate: 'candidate:1 1 udp 1 ::1 9 typ host', sdpMid: '0', sdpMLineIndex: 0, usernameFragment: null };

describe('the type of a frame that is passed on', () => {
  it.each([
    { type: 'offer', sdp: { type: 'offer', sdp: SDP } },
    { type: 'answer', sdp: SDP },
    { type: 'ice', cand: CAND },
    { type: 'ice', cand: null },
    { type: 'sender_ready' },
    { type: 'iroh_offer', addr: { id: 'é', relays: 'https://a/' } },
    { type: 'ice', numbers: { a: -0.5, b: 1e300, c: true }, empty: {} },
  ])('is seen in what clients write: %j', (frame) => {
    expect(relayedType(Buffer.from(JSON.stringify(frame)).toString('latin1'))).toBe(frame.type);
  });

  it.each([
    '{"type":"hello"}',
    '{"type":"offer","type":"ice"}',
    '{"type":"offer","\\u0074ype":"ice"}',
    '{ "type":"offer"}',
    '{"type":"offer"}{}',
    '{"type":"offer","a":"\n"}',
    '{"type":"offer","a":"\\x"}',
    '{"type":"offer","a":01}',
    '{"type":"offer",}',
    `{"type":"offer","sdp":"${'v'.repeat(4096)}"}`,
  ])('is left to the parser: %s', (text) => expect(relayedType(text)).toBeUndefined());

  it('is what a parser would find, in whatever is almost JSON', () => {
    const frame = fc.tuple(fc.constantFrom('offer', 'answer', 'ice', 'sender_ready'), objectText);
    const change = fc.record({ at: fc.nat(), drop: fc.nat(2), put: fc.string({ maxLength: 2 }) });
    let seen = 0;
    fc.assert(
      fc.property(frame, fc.array(change, { maxLength: 2 }), ([type, { json }], changes) => {
        const rest = json.trim().slice(1, -1).trim();
        let text = `{"type":"${type}"${rest && `,${rest}`}}`;
        for (const { at, drop, put } of changes) {
          const from = at % text.length;
          text = text.slice(0, from) + put + text.slice(from + drop);
        }
        const found = relayedType(text);
        if (found === undefined) return;
        seen++;
        expect(JSON.parse(text)).toMatchObject({ type: found });
      }),
      { numRuns: 20_000 },
    );
    expect(seen).toBeGreaterThan(1000);
  });
});
