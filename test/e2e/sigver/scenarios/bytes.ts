import { eventually } from '../../../support/eventually.js';
import { Peers, type UrlOf } from './peers.js';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const SLOW = { timeout: 30_000 };

/** The messages as bytes, in and out, and how bad ones end. */
export function byteScenarios(urlOf: UrlOf): void {
  let peers: Peers;
  beforeEach(() => {
    peers = new Peers(urlOf);
  });

  it('answers connect with 20 01, and with 20 00 written out', async () => {
    const [first, second] = [await peers.open(), await peers.open()];
    first.send(hex('1a 02 08 01'));
    await eventually(() => expect(first.bytes).toEqual(['2001']), SLOW);
    second.send(hex('1a 02 08 02'));
    await eventually(() => expect(second.bytes).toEqual(['2000']), SLOW);
    expect([first.socket.frames, second.socket.frames]).toEqual([[], []]);
  });

  it.each([
    ['packed', '1a 06 08 03 12 02 07 01'],
    ['not packed', '1a 06 08 03 10 07 10 01'],
    ['out of order', '1a 06 12 02 07 01 08 03'],
    ['with unknown fields', '32 01 00 1a 09 08 03 12 02 07 01 9a 01 00'],
    ['with long varints', '1a 08 08 83 00 12 03 07 81 00'],
  ])('reads the members of a connect %s', async (_how, frame) => {
    await peers.group(1);
    const peer = await peers.open();
    peer.send(hex(frame));
    await eventually(() => expect(peer.bytes).toEqual(['2001']), SLOW);
  });

  it.each([
    ['in order', '12 0b 08 05 10 07 18 00 22 03 61 62 63'],
    ['without defaults', '12 05 22 03 61 62 63'],
    ['out of order', '12 0b 22 03 61 62 63 18 00 10 07 08 05'],
    ['with unknown fields', '12 08 28 01 22 03 61 62 63 28 01'.replace('08', '09')],
    ['with a field twice', '12 09 22 02 7a 7a 22 03 61 62 63'],
    ['with long varints', '12 87 00 10 87 00 22 83 00 61 62 63'.replace('87 00 10', '89 00 10')],
    ['behind an unknown field', '28 01 12 05 22 03 61 62 63'],
  ])('reads a content %s, and writes it in one way', async (_how, frame) => {
    const { member, joiner } = await peers.bound();
    const before = member.bytes.length;
    joiner.send(hex(frame));
    const got = await member.content();
    expect(got.data).toBe('abc');
    const id = varint(got.senderId);
    const length = (6 + id.length / 2).toString(16).padStart(2, '0');
    expect(member.bytes.slice(before)).toEqual([`12${length}08${id}2203616263`]);
  });

  it('writes an end mark without data', async () => {
    const { member, joiner, id } = await peers.bound();
    const before = member.bytes.length;
    await joiner.socket.close();
    await member.content();
    const digits = varint(id);
    const length = (1 + digits.length / 2).toString(16).padStart(2, '0');
    expect(member.bytes.slice(before)).toEqual([`12${length}08${digits}`]);
  });

  it.each([
    ['heartbeats', '08 01'],
    ['heartbeats that are false', '08 00'],
    ['what only the server has to say', '20 01'],
    ['the same, false', '20 00'],
  ])('takes %s without a word', async (_what, frame) => {
    const peer = await peers.open();
    peer.send(hex(frame));
    expect(await peer.connect(1)).toBe(true);
    expect(peer.bytes).toEqual(['2001']);
  });

  it.each([
    ['an empty message', ''],
    ['an unknown field', '28 01'],
    ['fields of the wrong kind', '10 01'],
    ['a cut-off tag', 'ff'],
    ['a cut-off value', '08'],
    ['a length beyond the end', '12 05 22 03 61'],
    ['a length beyond the end inside', '12 04 22 05 61 62'],
    ['the field number 0', '00 01'],
    ['a group that nobody opened', '0c'],
    ['an unknown wire type', '0f 01'],
    ['JSON', Buffer.from('{"heartbeat":true}').toString('hex')],
  ])('closes on %s with 4743', async (_what, frame) => {
    const peer = await peers.open();
    peer.send(hex(frame));
    expect(await peer.end()).toMatchObject({ code: 4743 });
    expect(peer.bytes).toEqual([]);
  });

  it.each(['', 'hello', '\b\u0001'])('closes on a text message with 4743: %j', async (text) => {
    const peer = await peers.open();
    peer.send(text);
    expect(await peer.end()).toMatchObject({ code: 4743 });
  });

  it('answers what came before a bad message', async () => {
    const peer = await peers.open();
    peer.send(hex('1a 02 08 01'), 'text', hex('1a 02 08 01'));
    expect(await peer.end()).toMatchObject({ code: 4743 });
    expect(peer.bytes).toEqual(['2001']);
  });

  it.each([
    ['empty', ''],
    ['of 513 characters', 'k'.repeat(513)],
    ['of 513 characters that would be 171', '%6b'.repeat(171)],
  ])('accepts the socket of a key that is %s, and closes it with 4741', async (_how, key) => {
    const peer = await peers.open('', key);
    expect(await peer.end()).toMatchObject({ code: 4741 });
    expect(peer.bytes).toEqual([]);
  });

  it.each([
    ['of 512 characters', 'k'.repeat(512)],
    ['of one', 'k'],
    ['with slashes and escapes, even broken ones', 'a//%2F%zz%/'],
  ])('takes a key %s', async (_how, key) => {
    const peer = await peers.open('', key);
    expect(await peer.connect(1, [1])).toBe(true);
    await peer.socket.close();
  });
}

/** As hexadecimal digits. */
function varint(value: number): string {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest >= 128 ? (rest % 128) + 128 : rest);
    if (rest < 128) return Buffer.from(bytes).toString('hex');
  }
}
