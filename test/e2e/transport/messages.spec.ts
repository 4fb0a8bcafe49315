import { randomUUID } from 'node:crypto';
import { eventually } from '../../support/eventually.js';
import { dropRawSockets, RawSocket } from '../../support/raw-http.js';
import { type RunningApp, startApp } from '../../support/start-app.js';
import { dropSockets, handshakeRequest, maskedFrame, Opcode, passed, WsClient } from '../../support/ws-client.js';

jest.setTimeout(30_000);

const MIB = 1024 * 1024;

/** A frame that is relayed, of exactly this many bytes. */
function frameOf(bytes: number): string {
  const [head, tail] = ['{"type":"ice","pad":"', '"}'];
  return head + 'x'.repeat(bytes - head.length - tail.length) + tail;
}

describe('a message', () => {
  let server: RunningApp;
  let room: string;
  let b: WsClient;

  beforeAll(async () => {
    server = await startApp();
  });
  beforeEach(async () => {
    room = randomUUID();
    b = await WsClient.open(url('B'));
    b.send({ type: 'hello' });
    await b.settled();
  });
  afterEach(() => {
    dropSockets();
    dropRawSockets();
  });
  afterAll(async () => server.close());

  const url = (side: string) => `${server.ws}/ws?appID=${room}&side=${side}`;
  const relayed = () => b.frames.filter((frame) => frame !== '{"type":"room_full"}');
  /** A client that writes frames as the test makes them. */
  const raw = async () => {
    const socket = await RawSocket.open(server);
    await socket.write(handshakeRequest(`/ws?appID=${room}&side=A`));
    expect(await socket.answer()).toMatchObject({ status: 101 });
    return socket;
  };
  /** The close code the server wrote: the last frame it sent. */
  const closeCode = async (socket: RawSocket) => {
    await eventually(() => expect(socket.received.lastIndexOf(0x88)).toBeGreaterThan(0));
    return socket.received.readUInt16BE(socket.received.lastIndexOf(0x88) + 2);
  };

  it('of exactly 1 MiB passes, byte for byte', async () => {
    const a = await WsClient.open(url('A'));
    const frame = frameOf(MIB);
    a.send(frame);
    await passed(a, b);
    expect(relayed().map(({ length }) => length)).toEqual([MIB]);
    expect(relayed()[0] === frame).toBe(true);
  });

  it('of one byte more closes its sender with 1009, and nobody else', async () => {
    const a = await WsClient.open(url('A'));
    a.send(frameOf(MIB + 1));
    expect(await a.end()).toMatchObject({ code: 1009 });
    await b.settled();
    expect([relayed(), b.closed]).toEqual([[], undefined]);
  });

  it('of 1 MiB is counted in bytes, not in characters', async () => {
    const a = await WsClient.open(url('A'));
    a.send(`{"type":"ice","pad":"${'€'.repeat(MIB / 3)}"}`);
    expect(await a.end()).toMatchObject({ code: 1009 });
  });

  it('may come in fragments, with pings between them', async () => {
    const a = await WsClient.open(url('A'));
    const parts = ['{"type":', '"offer"', ',"sdp":"é', '"}'];
    for (const [i, part] of parts.entries()) {
      a.ws.send(part, { fin: i === parts.length - 1 });
      a.ws.ping();
    }
    await passed(a, b);
    expect(relayed()).toEqual([parts.join('')]);
  });

  it('may be cut into single bytes, also in the middle of a character', async () => {
    const socket = await raw();
    const bytes = Buffer.from('{"type":"offer","sdp":"é😀"}');
    const frames = [...bytes].map((byte, i) =>
      maskedFrame(i === 0 ? Opcode.Text : Opcode.Continuation, Buffer.from([byte]), { fin: i === bytes.length - 1 }),
    );
    await socket.write(Buffer.concat(frames));
    await eventually(() => expect(relayed()).toEqual([bytes.toString()]));
  });

  it('in fragments is limited as a whole: 1 MiB passes, one byte more closes with 1009', async () => {
    const a = await WsClient.open(url('A'));
    const send = (frame: string) => {
      for (let at = 0; at < frame.length; at += 100_000) {
        a.ws.send(frame.slice(at, at + 100_000), { fin: at + 100_000 >= frame.length });
      }
    };
    send(frameOf(MIB));
    await passed(a, b);
    expect(relayed()).toHaveLength(1);
    send(frameOf(MIB + 1));
    expect(await a.end()).toMatchObject({ code: 1009 });
    expect(relayed()).toHaveLength(1);
  });

  it('in more than 16,384 fragments closes with 1008', async () => {
    const socket = await raw();
    const empty = maskedFrame(Opcode.Continuation, '', { fin: false });
    const fragments = [maskedFrame(Opcode.Text, '', { fin: false }), ...Array<Buffer>(16_383).fill(empty)];
    await socket.write(Buffer.concat(fragments));
    await socket.write(maskedFrame(Opcode.Continuation, '{"type":"offer"}'));
    expect(await closeCode(socket)).toBe(1008);
    expect(relayed()).toEqual([]);
  });

  it('whose length is announced as 2^62 closes with 1009 at once', async () => {
    const socket = await raw();
    await socket.write(Buffer.from([0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]));
    expect(await closeCode(socket)).toBe(1009);
  });

  it.each([
    ['a lone continuation byte', [0x80]],
    ['an overlong form', [0xc0, 0xaf]],
    ['half a surrogate pair', [0xed, 0xa0, 0x80]],
    ['a character cut short', [0xe2, 0x82]],
  ])('of text that is not UTF-8 closes with 1007: %s', async (_what, bytes) => {
    const socket = await raw();
    const text = Buffer.concat([Buffer.from('{"type":"offer","sdp":"'), Buffer.from(bytes), Buffer.from('"}')]);
    await socket.write(maskedFrame(Opcode.Text, text));
    expect(await closeCode(socket)).toBe(1007);
    await b.settled();
    expect(relayed()).toEqual([]);
  });

  it.each([
    ['without a mask', Buffer.concat([Buffer.from([0x81, 2]), Buffer.from('{}')])],
    ['with a reserved bit', maskedFrame(Opcode.Text, '{}', { rsv: 4 })],
    ['with an unknown opcode', maskedFrame(3, '{}')],
    ['that continues nothing', maskedFrame(Opcode.Continuation, '{}')],
    ['with a fragmented ping', maskedFrame(Opcode.Ping, 'x', { fin: false })],
    ['with a ping that is too long', maskedFrame(Opcode.Ping, 'x'.repeat(126))],
  ])('that breaks the protocol closes with 1002: %s', async (_what, bytes) => {
    const socket = await raw();
    await socket.write(bytes);
    expect(await closeCode(socket)).toBe(1002);
    await eventually(() => socket.ended);
    expect(b.closed).toBeUndefined();
  });

  it('that was begun and never ended takes nothing with it', async () => {
    const socket = await raw();
    await socket.write(maskedFrame(Opcode.Text, '{"type":"offer"', { fin: false }));
    socket.reset();
    const again = await WsClient.open(url('A'));
    again.send('{"type":"answer"}');
    await eventually(() => expect(relayed()).toEqual(['{"type":"answer"}']));
  });
});

describe('WS_MAX_MSG', () => {
  let server: RunningApp;

  afterAll(async () => {
    dropSockets();
    await server.close();
  });

  it('moves the limit', async () => {
    server = await startApp({ WS_MAX_MSG: '2048' });
    const room = randomUUID();
    const [a, b] = await Promise.all(
      ['A', 'B'].map((side) => WsClient.open(`${server.ws}/ws?appID=${room}&side=${side}`)),
    );
    a!.send({ type: 'hello' }, frameOf(2048));
    b!.send({ type: 'hello' });
    await passed(a!, b!);
    expect(b!.frames).toContain(frameOf(2048));
    a!.send(frameOf(2049));
    expect(await a!.end()).toMatchObject({ code: 1009 });
  });
});
