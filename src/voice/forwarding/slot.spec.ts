import { rtp, type RtpParts } from '../../../test/support/rtp.js';
import { Outgoing } from './outgoing.js';
import { RtpPacket } from './rtp-packet.js';
import { Slot } from './slot.js';
import { Voice } from './voice.js';

const DESCRIPTION = { mid: '0', ssrc: 4242, payloadType: 96 };
const voice = (user: string): Voice => new Voice({ user, client: 'c', key: user, conversation: 'room', levelId: 1 }, 0);

interface Out {
  sequence: number;
  timestamp: number;
  marker: boolean;
}

describe('Slot', () => {
  const packet = new RtpPacket();
  const outgoing = new Outgoing();
  const [alice, bob] = [voice('alice'), voice('bob')];
  let out: Buffer[];
  let slot: Slot;
  let now: number;

  beforeEach(() => {
    out = [];
    now = 1000;
    slot = new Slot(DESCRIPTION, { send: (bytes) => out.push(Buffer.from(bytes)) }, () => 0.9999999);
    slot.carry(alice);
  });

  const forward = (parts: RtpParts): boolean => {
    packet.read(rtp(parts));
    outgoing.load(packet);
    return slot.forward(packet, outgoing, now);
  };
  const last = (): Out => {
    const bytes = out.at(-1)!;
    return { sequence: bytes.readUInt16BE(2), timestamp: bytes.readUInt32BE(4), marker: bytes[1]! > 127 };
  };
  const after = (before: Out): { steps: number; ticks: number } => {
    const { sequence, timestamp } = last();
    return { steps: (sequence - before.sequence) & 0xffff, ticks: (timestamp - before.timestamp) >>> 0 };
  };

  it('writes its own SSRC and payload type, and a bare header', () => {
    forward({ csrcs: 2, extensions: { 1: [30] }, padding: 4, payload: 'sound' });
    expect(out[0]!.toString('utf8', 12)).toBe('sound');
    expect(out[0]!.readUInt32BE(8)).toBe(4242);
    expect(out[0]![0]).toBe(0x80);
    expect(out[0]![1]! & 0x7f).toBe(96);
  });

  it('keeps the steps of the voice in it: losses stay gaps, the wrap-around is none', () => {
    forward({ sequence: 65_534, timestamp: 0xffffff00 });
    const first = last();
    forward({ sequence: 65_535, timestamp: 0xffffff00 + 960 });
    expect(after(first)).toEqual({ steps: 1, ticks: 960 });
    forward({ sequence: 2, timestamp: 0xffffff00 + 4 * 960 });
    expect(after(first)).toEqual({ steps: 4, ticks: 4 * 960 });
  });

  it('puts a late packet where it belongs, and goes on behind the newest', () => {
    forward({ sequence: 10 });
    const first = last();
    forward({ sequence: 13 });
    forward({ sequence: 12 });
    expect(after(first).steps).toBe(2);
    forward({ sequence: 14 });
    expect(after(first).steps).toBe(4);
  });

  it('changes the voice without a gap, at the time that has passed, with a marker', () => {
    forward({ sequence: 500, timestamp: 7000, ssrc: 1 });
    const before = last();
    now += 100;
    slot.carry(bob);
    forward({ sequence: 9, timestamp: 3_000_000_000, ssrc: 2 });
    expect(after(before)).toEqual({ steps: 1, ticks: 4800 });
    expect(last().marker).toBe(true);
    forward({ sequence: 10, timestamp: 3_000_000_960, ssrc: 2 });
    expect(after(before)).toEqual({ steps: 2, ticks: 5760 });
    expect(last().marker).toBe(false);
  });

  it('lets the next voice begin at least one packet later, also in the same millisecond', () => {
    forward({ sequence: 1 });
    const before = last();
    slot.carry(bob);
    forward({ sequence: 1 });
    expect(after(before)).toEqual({ steps: 1, ticks: 960 });
  });

  it('drops what a voice sent before its turn', () => {
    forward({ sequence: 20 });
    expect(forward({ sequence: 19 })).toBe(false);
    expect(out).toHaveLength(1);
  });

  it('still takes a late packet from one that has been in it for long', () => {
    for (let sequence = 0; sequence <= 50_000; sequence++) if (sequence !== 49_998) forward({ sequence });
    const before = last();
    expect(forward({ sequence: 49_998 })).toBe(true);
    expect(after(before).steps).toBe(0x10000 - 2);
  });

  it.each([
    ['another SSRC', { sequence: 21, ssrc: 2 }],
    ['a leap ahead', { sequence: 20 + 3001 }],
    ['a leap back', { sequence: 20 - 101 }],
  ])('goes on without a gap when the sender begins anew: %s', (_, parts) => {
    forward({ sequence: 20 });
    const before = last();
    expect(forward(parts)).toBe(true);
    expect(after(before).steps).toBe(1);
  });

  it('never runs out of numbers', () => {
    let gaps = 0;
    forward({ sequence: 0, timestamp: 0 });
    for (let n = 1; n < 70_000; n++) {
      const before = last();
      forward({ sequence: n, timestamp: n * 960 });
      const { steps, ticks } = after(before);
      if (steps !== 1 || ticks !== 960) gaps++;
      out = out.slice(-1);
    }
    expect(gaps).toBe(0);
  });
});
