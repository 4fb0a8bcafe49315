import fc from 'fast-check';
import { rtp } from '../../../test/support/rtp.js';
import { MAX_PACKET_BYTES, RtpPacket } from './rtp-packet.js';

const packet = new RtpPacket();
const payload = (): string => packet.bytes.toString('utf8', packet.payloadStart, packet.payloadEnd);

describe('RtpPacket', () => {
  it('reads the fixed header', () => {
    expect(packet.read(rtp({ sequence: 65_535, timestamp: 0xfffffff0, ssrc: 0xdeadbeef, marker: true }))).toBe(true);
    expect(packet).toMatchObject({ sequence: 65_535, timestamp: 0xfffffff0, ssrc: 0xdeadbeef, marker: true });
    expect(payload()).toBe('opus');
  });

  it('finds the payload behind contributing sources and extensions, and before padding', () => {
    expect(packet.read(rtp({ csrcs: 3, extensions: { 1: [0x9e], 3: [1, 2] }, padding: 5 }))).toBe(true);
    expect(payload()).toBe('opus');
  });

  it('takes an empty payload', () => {
    expect(packet.read(rtp({ payload: '' }))).toBe(true);
    expect(payload()).toBe('');
  });

  it.each([64, 72, 73, 95])('takes no RTCP: second byte %i', (payloadType) => {
    expect(packet.read(rtp({ payloadType }))).toBe(false);
    expect(packet.read(rtp({ payloadType, marker: true }))).toBe(false);
  });

  it.each([63, 96, 111, 127, 0])('takes payload type %i', (payloadType) => {
    expect(packet.read(rtp({ payloadType }))).toBe(true);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['half a header', rtp().subarray(0, 11)],
    ['another version', Buffer.concat([Buffer.from([0x40]), rtp().subarray(1)])],
    ['sources beyond the end', Buffer.concat([Buffer.from([0x8f]), rtp().subarray(1)])],
    ['extensions beyond the end', rtp({ extensions: { 1: [1] }, payload: '' }).subarray(0, 17)],
    ['padding of no bytes', Buffer.concat([Buffer.from([0xa0]), rtp({ payload: '\0' }).subarray(1)])],
    ['more padding than packet', Buffer.concat([Buffer.from([0xa0]), rtp({ payload: '\xff' }).subarray(1)])],
    ['more than an Ethernet frame holds', rtp({ payload: 'x'.repeat(MAX_PACKET_BYTES) })],
  ])('takes no %s', (_, bytes) => {
    expect(packet.read(bytes)).toBe(false);
  });

  it('throws for no bytes whatsoever', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.integer({ min: 0, max: 15 }), (bytes, id) => {
        if (bytes.length > 0) bytes[0] = 0x80 | (bytes[0]! & 0x3f);
        if (packet.read(Buffer.from(bytes))) packet.level(id);
      }),
    );
  });

  describe('the audio level', () => {
    it('is found under its id, without the voice flag', () => {
      packet.read(rtp({ extensions: { 3: [1, 2, 3], 5: [0x80 | 30], 7: [9] } }));
      expect(packet.level(5)).toBe(30);
      expect(packet.level(7)).toBe(9);
    });

    it.each([0, 4, 15])('is undefined under the id %i, which is not there', (id) => {
      packet.read(rtp({ extensions: { 3: [1, 2, 3] } }));
      expect(packet.level(id)).toBeUndefined();
    });

    it('is undefined without extensions, whatever the packet before had', () => {
      packet.read(rtp({ extensions: { 1: [30] } }));
      packet.read(rtp());
      expect(packet.level(1)).toBeUndefined();
    });
  });
});
