import { parse } from 'protobufjs';
import { eventually } from '../../support/eventually.js';
import { NatsServer, stopNats } from '../../support/nats-server.js';
import { closeNodes, collect, numberOf, openNode, PATIENT, rtp, speaker } from './packets.js';

jest.setTimeout(120_000);

const { root } = parse(`
  syntax = "proto3";
  message Bite { string key = 1; uint64 start = 2; bytes data = 3; }
  message Store { string type = 1; Bite bite = 2; }
`);
const [Bite, Store] = [root.lookupType('Bite'), root.lookupType('Store')];

interface BiteMessage {
  key: string;
  start: number;
  data: Buffer;
}
const decode = (data: Uint8Array): BiteMessage => Bite.toObject(Bite.decode(data), { longs: Number }) as BiteMessage;
const numbers = (messages: readonly { data: Uint8Array }[]): number[] =>
  messages.map(({ data }) => numberOf(decode(data).data));
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

afterEach(async () => {
  await closeNodes();
  await stopNats();
});

describe('bites', () => {
  it('are on NATS byte for byte, in order, with headers for what they do not say', async () => {
    const nats = await NatsServer.start();
    const client = await nats.client();
    const [bites, stores] = [await collect(client, 'bite'), await collect(client, 'store')];
    const { tap } = openNode(nats.url);
    const packets = range(1, 41).map((number) => rtp(number));
    const before = Math.floor(Date.now() / 1000);
    for (const packet of packets) tap.heard(packet, speaker('room é/1', 'Zoë\r\nX: y', 'ノート'));
    await eventually(() => expect([bites.length, stores.length]).toEqual([40, 40]), PATIENT);
    const after = Math.floor(Date.now() / 1000);

    packets.forEach((data, i) => {
      const { start } = decode(bites[i]!.data);
      expect(start).toBeGreaterThanOrEqual(before);
      expect(start).toBeLessThanOrEqual(after);
      const bite = { key: 'room é/1', start, data };
      expect(Buffer.from(bites[i]!.data).equals(Bite.encode(bite).finish())).toBe(true);
      expect(Buffer.from(stores[i]!.data).equals(Store.encode({ type: 'bite', bite }).finish())).toBe(true);
    });
    for (const { headers } of [...bites, ...stores]) {
      expect(Object.fromEntries(headers!)).toEqual({
        'User-Id': [encodeURIComponent('Zoë\r\nX: y')],
        'Client-Id': [encodeURIComponent('ノート')],
        Codec: ['opus'],
        'Clock-Rate': ['48000'],
      });
    }
    expect(tap.counters).toMatchObject({ bites: 40, bites_dropped: 0, nats_connections: 1 });
  });

  it('are of several speakers and conversations, and stay on their subjects', async () => {
    const nats = await NatsServer.start();
    const everything = await collect(await nats.client(), '>');
    const { tap } = openNode(nats.url);
    const [one, other] = [speaker('a', 'one'), speaker('b', 'other')];
    for (const number of range(0, 10)) tap.heard(rtp(number), number % 2 ? one : other);
    await eventually(() => expect(everything.length).toBe(20), PATIENT);
    const of = (subject: string) => everything.filter((message) => message.subject === subject);
    expect(of('store').length).toBe(10);
    expect(of('bite').map(({ data, headers }) => [decode(data).key, headers?.get('User-Id')])).toEqual(
      range(0, 10).map((number) => (number % 2 ? ['a', 'one'] : ['b', 'other'])),
    );
  });

  it('that wait at the end are still written', async () => {
    const nats = await NatsServer.start();
    const bites = await collect(await nats.client(), 'bite');
    const { tap } = openNode(nats.url);
    await eventually(() => tap.counters.nats_connections === 1, PATIENT);
    tap.heard(rtp(1), speaker('a'));
    await tap.close();
    await eventually(() => expect(numbers(bites)).toEqual([1]), PATIENT);
  });
});

describe('while NATS', () => {
  /** More than may wait. */
  const FLOOD = 10_000;

  it('is not there at the start, bites wait, the oldest go when they are too many, and the log says so once', async () => {
    const nats = await NatsServer.absent();
    const { tap, logged } = openNode(nats.url);
    const who = speaker('a');
    for (const number of range(0, FLOOD)) tap.heard(rtp(number), who);
    await eventually(() => expect(logged).toEqual([expect.stringMatching(/^warn: NATS cannot be reached/)]), PATIENT);
    const { bites_dropped: dropped } = tap.counters;
    expect(dropped).toBeGreaterThan(0);

    await nats.restart();
    await eventually(() => expect(tap.counters.bites).toBe(FLOOD - dropped), PATIENT);
    expect(logged.slice(1)).toEqual(['log: connected to NATS']);
  });

  it('is dead, bites wait, and the newest arrive by themselves when it returns', async () => {
    const nats = await NatsServer.start();
    const { tap, logged } = openNode(nats.url);
    const who = speaker('a');
    await eventually(() => tap.counters.nats_connections === 1, PATIENT);
    await nats.kill();
    await eventually(() => expect(logged.at(-1)).toMatch(/lost NATS|cannot be reached/), PATIENT);
    for (const number of range(0, FLOOD)) tap.heard(rtp(number), who);

    await nats.restart();
    await eventually(() => tap.counters.bites + tap.counters.bites_dropped === FLOOD, PATIENT);
    const bites = await collect(await nats.client(), 'bite');
    for (const number of range(FLOOD, FLOOD + 5)) tap.heard(rtp(number), who);
    await eventually(() => expect(numbers(bites)).toEqual(range(FLOOD, FLOOD + 5)), PATIENT);
  });

  it('stands still, no more is written than it can be expected to read, and it reads on where it stopped', async () => {
    const nats = await NatsServer.start();
    const bites = await collect(await nats.client(), 'bite');
    const { tap } = openNode(nats.url);
    const who = speaker('a');
    await eventually(() => tap.counters.nats_connections === 1, PATIENT);
    nats.pause();
    for (const number of range(0, FLOOD)) tap.heard(rtp(number), who);
    await eventually(() => tap.counters.bites > 0, PATIENT);
    const unread = tap.counters.bites;
    expect(unread).toBeLessThan(2_000);

    nats.resume();
    const arrived = () => tap.counters.bites + tap.counters.bites_dropped === FLOOD;
    await eventually(arrived, PATIENT);
    await eventually(() => expect(numbers(bites).at(-1)).toBe(FLOOD - 1), PATIENT);
    const got = numbers(bites);
    expect(got).toEqual([...got].sort((a, b) => a - b));
    expect(got.length).toBe(FLOOD - tap.counters.bites_dropped);
  });

  it('is one of several servers, another one does', async () => {
    const [dead, nats] = [await NatsServer.absent(), await NatsServer.start()];
    const bites = await collect(await nats.client(), 'bite');
    const { tap } = openNode([dead.url, nats.url]);
    tap.heard(rtp(1), speaker('a'));
    await eventually(() => expect(numbers(bites)).toEqual([1]), PATIENT);
  });

  it('wants a password, it is given the one of the URL, and a wrong one is told once', async () => {
    const nats = await NatsServer.start('--user', 'u', '--pass', 'p:1');
    const withPassword = (password: string) => nats.url.replace('//', `//u:${password}@`);
    const [right, wrong] = [openNode(withPassword('p%3A1')), openNode(withPassword('x'))];
    await eventually(() => right.tap.counters.nats_connections === 1, PATIENT);
    await eventually(() => expect(wrong.logged).toEqual([expect.stringMatching(/^warn: .*Authorization/)]), PATIENT);
    expect(right.logged).toEqual(['log: connected to NATS']);
  });

  it('does none of these, ending is quick all the same', async () => {
    const nats = await NatsServer.start();
    const nodes = [openNode(nats.url), openNode((await NatsServer.absent()).url)];
    await eventually(() => nodes[0]!.tap.counters.nats_connections === 1, PATIENT);
    nats.pause();
    for (const { tap } of nodes) tap.heard(rtp(1), speaker('a'));
    const begun = Date.now();
    await closeNodes();
    expect(Date.now() - begun).toBeLessThan(10_000);
  });
});
