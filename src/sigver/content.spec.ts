import fc from 'fast-check';
import protobuf from 'protobufjs';
import { contentFrame, parseContent } from './content.js';
import { BadFrame, CONNECTED, HEARTBEAT, isHeartbeat, NOT_CONNECTED, parseFrame } from './sigver.frames.js';

// A hundred thousand messages take a second, on a busy machine some more.
jest.setTimeout(60_000);

const Message = protobuf.loadSync(`${__dirname}/sigver.proto`).lookupType('Message');
const encode = (message: object): Buffer => Buffer.from(Message.encode(Message.create(message)).finish());

const uint32 = fc.oneof(
  fc.integer({ min: 0, max: 0xffffffff }),
  fc.constantFrom(0, 1, 127, 128, 16_383, 16_384, 2_097_152, 2 ** 28, 2 ** 31, 0xffffffff),
);
const data = fc.oneof(
  fc.uint8Array(),
  fc.uint8Array({ minLength: 120, maxLength: 140 }),
  fc.constant(new Uint8Array(20_000)),
);

describe('a content written by hand', () => {
  it('has the bytes that the library makes of it', () => {
    fc.assert(
      fc.property(uint32, uint32, data, (senderId, recipientId, bytes) => {
        const content = { senderId, recipientId, data: Buffer.from(bytes) };
        expect(contentFrame(senderId, recipientId, content.data).equals(encode({ content }))).toBe(true);
      }),
    );
  });

  it('has no data field when there is none', () => {
    expect(contentFrame(5, 0).toString('hex')).toBe('12020805');
    expect(contentFrame(0, 300).toString('hex')).toBe('120310ac02');
    expect(contentFrame(0, 0).toString('hex')).toBe('1200');
  });
});

describe('a content read by hand', () => {
  it('says what the library wrote, whether or not defaults were written', () => {
    fc.assert(
      fc.property(uint32, uint32, fc.boolean(), data, fc.boolean(), (senderId, recipientId, lastData, bytes, all) => {
        const content = { senderId, recipientId, lastData, data: Buffer.from(bytes) };
        const frame = all ? withDefaults(content) : encode({ content });
        expect(parseContent(frame)).toEqual({ type: 'content', recipientId, lastData, data: content.data });
      }),
    );
  });

  it('is read by the library, to the same result, when it is anything unusual', () => {
    const usual = withDefaults({ senderId: 5, recipientId: 7, lastData: true, data: Buffer.from('abc') });
    const unusual = Buffer.concat([usual, Buffer.from('2801', 'hex')]);
    expect(parseContent(unusual)).toBeUndefined();
    expect(parseFrame(unusual)).toEqual(parseFrame(usual));
  });

  it('shares the bytes of its message', () => {
    const frame = contentFrame(1, 2, Buffer.from('abc'));
    expect(parseContent(frame)!.data.buffer).toBe(frame.buffer);
  });
});

describe('the reader of client messages', () => {
  /** Reproducible, quick, and good enough to hit every branch: a linear congruential generator (Numerical Recipes). */
  function seeded(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
  }
  const INTERESTING = [0x08, 0x10, 0x12, 0x18, 0x1a, 0x20, 0x22, 0x80, 0xff, 0, 1, 2, 3, 4, 5];

  it('takes 100,000 random messages without harm, and reads by hand only what the library reads alike', () => {
    const random = seeded(20_261_121);
    const outcomes = { read: 0, bad: 0 };
    for (let n = 0; n < 100_000; n++) {
      const message = Buffer.alloc(random(14));
      for (let i = 0; i < message.length; i++) {
        message[i] = random(4) ? INTERESTING[random(INTERESTING.length)]! : random(256);
      }
      if (random(2) && message.length > 2) message.set([0x12, message.length - 2]);
      const byHand = parseContent(message);
      if (byHand) {
        const { content } = Message.decode(message) as unknown as { content: typeof byHand };
        const { recipientId, lastData, data } = content;
        if (
          recipientId !== byHand.recipientId ||
          lastData !== byHand.lastData ||
          !byHand.data.equals(Buffer.from(data))
        ) {
          throw new Error(`read differently: ${message.toString('hex')}`);
        }
      }
      try {
        parseFrame(message);
        outcomes.read++;
      } catch (error) {
        if (!(error instanceof BadFrame)) throw error;
        outcomes.bad++;
      }
    }
    expect(Math.min(outcomes.read, outcomes.bad)).toBeGreaterThan(1000);
  });

  it('takes damaged real messages, cut off at any byte or with any bit turned', () => {
    const real = [
      HEARTBEAT,
      encode({ connect: { id: 0xffffffff, members: [1, 300, 70_000] } }),
      withDefaults({ senderId: 1, recipientId: 2 ** 31, lastData: false, data: Buffer.from('x'.repeat(200)) }),
    ];
    const damaged = real.flatMap((message) => [
      ...Array.from(message.keys(), (end) => message.subarray(0, end)),
      ...Array.from({ length: message.length * 8 }, (_, bit) => {
        const copy = Buffer.from(message);
        copy[bit >> 3]! ^= 1 << (bit & 7);
        return copy;
      }),
    ]);
    for (const message of damaged) {
      try {
        parseFrame(message);
      } catch (error) {
        expect(error).toBeInstanceOf(BadFrame);
      }
    }
    expect(damaged.length).toBeGreaterThan(1500);
  });

  it('tells a heartbeat by its bytes', () => {
    expect([isHeartbeat(HEARTBEAT), isHeartbeat(CONNECTED), isHeartbeat(Buffer.alloc(0))]).toEqual([
      true,
      false,
      false,
    ]);
    expect([HEARTBEAT, CONNECTED, NOT_CONNECTED].map((frame) => frame.toString('hex'))).toEqual([
      '0801',
      '2001',
      '2000',
    ]);
  });
});

/** As encoders write it that do not leave out zeros: netflux's is one. */
function withDefaults(content: { senderId: number; recipientId: number; lastData: boolean; data: Buffer }): Buffer {
  const writer = protobuf.Writer.create().uint32(0x12).fork();
  writer.uint32(0x08).uint32(content.senderId).uint32(0x10).uint32(content.recipientId);
  writer.uint32(0x18).bool(content.lastData).uint32(0x22).bytes(content.data);
  return Buffer.from(writer.ldelim().finish());
}
