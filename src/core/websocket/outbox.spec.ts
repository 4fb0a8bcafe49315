import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import type { WebSocket } from 'ws';
import type { Frame } from '../rooms/member.js';
import { Outbox } from './outbox.js';

/** Lengths around which RFC 6455 changes its form, and the one beyond which a batch is not copied. */
const LENGTHS = [0, 1, 124, 125, 126, 127, 128, 255, 256, 65_534, 65_535, 65_536, 65_537, 200_000];

class Wire {
  readonly socket = new PassThrough({ highWaterMark: 1 << 24 });
  readonly pongs: string[] = [];
  readonly ws = { readyState: 1, OPEN: 1, pong: (data: Buffer) => this.pongs.push(data.toString()) };
  readonly outbox: Outbox;

  constructor(private readonly binary = false) {
    this.outbox = new Outbox(this.socket, this.ws as unknown as WebSocket, binary);
  }

  add(frame: Frame, onWritten?: () => void): void {
    this.outbox.add(frame, Buffer.byteLength(frame), onWritten);
  }

  /** What has been written since the last time, as a client reads it. */
  messages(): string[] {
    const bytes = (this.socket.read() as Buffer | null) ?? Buffer.alloc(0);
    const messages = [];
    for (let at = 0; at < bytes.length;) {
      expect(bytes[at]).toBe(this.binary ? 0x82 : 0x81); // final, no extension
      const short = bytes[at + 1]!;
      const [header, length] =
        short < 126
          ? [2, short]
          : short === 126
            ? [4, bytes.readUInt16BE(at + 2)]
            : [10, Number(bytes.readBigUInt64BE(at + 2))];
      messages.push(bytes.toString('utf8', at + header, at + header + length));
      at += header + length;
    }
    return messages;
  }
}

describe('Outbox', () => {
  let wire: Wire;
  beforeEach(() => (wire = new Wire()));

  it('writes nothing before the tick is over, then everything in order', async () => {
    wire.add('one');
    wire.add(Buffer.from('two'));
    expect(wire.messages()).toEqual([]);
    await setImmediate();
    expect(wire.messages()).toEqual(['one', 'two']);
    await setImmediate();
    expect(wire.messages()).toEqual([]);
  });

  it('writes at the end of the turn what many are told in it, once for all ticks, after what went before', async () => {
    const wires = Array.from({ length: 20 }, () => new Wire());
    const writes = wires.map(({ socket }) => jest.spyOn(socket, 'write'));
    for (const frame of ['one', 'two', 'three']) {
      for (const each of wires) each.add(frame);
      await Promise.resolve(); // and the tick is over
      await new Promise((over) => process.nextTick(over));
    }
    expect(wires.flatMap((each) => each.messages())).toEqual([]);
    await setImmediate();
    for (const each of wires) expect(each.messages()).toEqual(['one', 'two', 'three']);
    for (const write of writes) expect(write).toHaveBeenCalledTimes(1);
  });

  it('writes binary messages where the endpoint has them', async () => {
    const binary = new Wire(true);
    binary.add(Buffer.from('one'));
    binary.add(Buffer.alloc(100_000, 'x'));
    await setImmediate();
    expect(binary.messages().map(({ length }) => length)).toEqual([3, 100_000]);
  });

  it('writes at once what has to precede something else, and that once', async () => {
    wire.add('one');
    wire.outbox.flush();
    wire.add('two');
    expect(wire.messages()).toEqual(['one']);
    await setImmediate();
    expect(wire.messages()).toEqual(['two']);
  });

  it.each(LENGTHS)('frames a message of %i bytes as RFC 6455 has it', async (length) => {
    const text = 'x'.repeat(length);
    wire.add(text);
    wire.add(Buffer.from(text));
    wire.add('after');
    await setImmediate();
    expect(wire.messages()).toEqual([text, text, 'after']);
  });

  it('carries any text, of any length, in any company', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(...LENGTHS).map((length) => 'é'.repeat(length / 2)),
    );
    const frame = fc.tuple(text, fc.boolean());
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 6 }), async (frames) => {
        for (const [written, asBytes] of frames) wire.add(asBytes ? Buffer.from(written) : written);
        await setImmediate();
        expect(wire.messages()).toEqual(frames.map(([written]) => written));
        expect(wire.outbox.backlog).toBe(0);
      }),
    );
  });

  it('counts what the kernel has not taken', async () => {
    expect(wire.outbox.backlog).toBe(0);
    wire.add('x'.repeat(100));
    expect(wire.outbox.backlog).toBe(102);
    wire.socket.cork();
    await setImmediate();
    expect(wire.outbox.backlog).toBe(102);
    wire.socket.uncork();
    wire.messages();
    expect(wire.outbox.backlog).toBe(0);
  });

  it.each([10, 200_000])('says when a message of %i bytes was handed on, once, each in turn', async (length) => {
    const written: number[] = [];
    for (const i of [1, 2]) wire.add('x'.repeat(length), () => written.push(i));
    await setImmediate();
    wire.messages();
    await setImmediate();
    expect(written).toEqual([1, 2]);
  });

  it('says so as well when the socket is closing and nothing will be written', async () => {
    const written = jest.fn();
    wire.add('late', written);
    wire.ws.readyState = 2;
    await setImmediate();
    expect(written).toHaveBeenCalledTimes(1);
    expect(wire.messages()).toEqual([]);
  });

  it('says so as well when the socket breaks', async () => {
    const written = jest.fn();
    wire.socket.on('error', () => {});
    wire.socket.destroy(new Error('reset'));
    wire.add('late', written);
    await setImmediate();
    expect(written).toHaveBeenCalledTimes(1);
  });

  it('answers every ping while its answers are taken, and the newest of those that came in between once they are again', async () => {
    for (const ping of ['one', 'two']) wire.outbox.pong(Buffer.from(ping));
    expect(wire.pongs).toEqual(['one', 'two']);
    wire.socket.cork();
    wire.socket.write(Buffer.alloc(wire.socket.writableHighWaterMark));
    for (const ping of ['three', 'four', 'five']) wire.outbox.pong(Buffer.from(ping));
    expect(wire.pongs).toEqual(['one', 'two']);
    wire.socket.uncork();
    wire.socket.resume();
    await once(wire.socket, 'drain');
    wire.outbox.pong(Buffer.from('six'));
    expect(wire.pongs).toEqual(['one', 'two', 'five', 'six']);
  });

  it('goes on for the others when one socket is closing', async () => {
    const other = new Wire();
    wire.add('lost', () => other.add('three'));
    other.add('one');
    wire.ws.readyState = 3;
    other.add('two');
    await setImmediate();
    expect(other.messages()).toEqual(['one', 'two', 'three']);
  });
});
