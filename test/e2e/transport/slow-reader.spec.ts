import { randomUUID } from 'node:crypto';
import { eventually } from '../../support/eventually.js';
import { dropRawSockets, http, RawSocket } from '../../support/raw-http.js';
import { killServers, ServerProcess } from '../../support/server-process.js';
import { dropSockets, handshakeRequest, maskedFrame, Opcode, WsClient } from '../../support/ws-client.js';

jest.setTimeout(120_000);

const MIB = 1024 * 1024;
const FRAME = `{"type":"ice","pad":"${'x'.repeat(64 * 1024)}"}`;

describe('a peer that does not read what is relayed to it', () => {
  let server: ServerProcess;
  let room: string;

  beforeAll(async () => {
    server = await ServerProcess.start();
  });
  beforeEach(() => {
    room = randomUUID();
  });
  afterEach(() => {
    dropSockets();
    dropRawSockets();
  });
  afterAll(killServers);

  const metric = async (name: string) => {
    const { text } = await http(server).get('/metrics');
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.split(' ')
        .at(-1),
    );
  };
  const url = (side: string) => `${server.ws}/ws?appID=${room}&side=${side}`;
  /** Sends until the condition holds, never more than the network takes. */
  const floodUntil = async (sender: WsClient, holds: () => Promise<boolean>) => {
    for (let sent = 0; sent < 200 * MIB;) {
      for (let i = 0; i < 32; i++, sent += FRAME.length) sender.send(FRAME);
      await sender.settled();
      if (await holds()) return sent;
    }
    throw new Error('200 MiB were sent');
  };

  it('is closed with 4000 when too much waits for it, and finds the code when it reads on', async () => {
    const before = await metric('signalbox_ws_closes_total{code="4000"}');
    const a = await WsClient.open(url('A'));
    const b = await WsClient.open(url('B'));
    b.send({ type: 'hello' });
    await b.settled();
    b.ws.pause();
    await floodUntil(a, async () => (await metric('nt_peers_active')) < 2);
    b.ws.resume();
    expect(await b.end()).toEqual({ code: 4000, reason: 'slow reader' });
    await eventually(async () => expect(await metric('signalbox_ws_closes_total{code="4000"}')).toBe(before + 1));
    expect(a.closed).toBeUndefined();
  });

  it('got what it read in order and whole', async () => {
    const a = await WsClient.open(url('A'));
    const b = await WsClient.open(url('B'));
    b.send({ type: 'hello' });
    await b.settled();
    b.ws.pause();
    let n = 0;
    while ((await metric('nt_peers_active')) === 2) {
      for (let i = 0; i < 50; i++) a.send(`{"type":"ice","n":${n++},"pad":"${'x'.repeat(20_000)}"}`);
      await a.settled();
    }
    b.ws.resume();
    await b.end();
    const numbers = b.frames
      .filter((frame) => frame.includes('ice'))
      .map((frame) => (JSON.parse(frame) as { n: number }).n);
    expect(numbers).toEqual(numbers.map((_, i) => i));
    expect(numbers.length).toBeGreaterThan(50);
  });

  it('leaves its side to who comes next', async () => {
    const a = await WsClient.open(url('A'));
    const b = await WsClient.open(url('B'));
    b.ws.pause();
    await floodUntil(a, async () => (await metric('nt_peers_active')) < 2);
    const next = await WsClient.open(url('B'));
    next.send({ type: 'hello' });
    await next.settled();
    a.send('{"type":"offer"}');
    await eventually(() => expect(next.frames).toEqual(['{"type":"room_full"}', '{"type":"offer"}']));
  });

  it('costs a bounded amount of memory, also when it never reads again and there are ten of it', async () => {
    const before = await metric('process_resident_memory_bytes');
    let sent = 0;
    for (let i = 0; i < 10; i++) {
      room = randomUUID();
      const deaf = await RawSocket.open(server);
      await deaf.write(handshakeRequest(url('B').slice(server.ws.length)));
      await deaf.answer();
      await deaf.write(maskedFrame(Opcode.Text, '{"type":"hello"}'));
      deaf.pause();
      const a = await WsClient.open(url('A'));
      sent += await floodUntil(a, async () => (await metric('nt_peers_active')) === 1);
      await a.close();
    }
    expect(sent).toBeGreaterThan(40 * MIB);
    // Ten times 4 MiB may wait (WS_MAX_BUFFERED), and the collector has its own time; without a bound it would be all.
    expect((await metric('process_resident_memory_bytes')) - before).toBeLessThan(150 * MIB);
    await eventually(async () => expect(await metric('signalbox_ws_open')).toBe(0), { timeout: 10_000 });
  });
});

describe('a client that pings and reads no answer', () => {
  afterAll(async () => {
    dropRawSockets();
    await killServers();
  });

  it.each([
    [0, 6],
    [125, 48],
  ])('costs next to no memory: pings of %d bytes, %d MiB of them', async (length, mebibytes) => {
    const server = await ServerProcess.start({ HEARTBEAT: '1h' });
    const memory = async () => {
      const { text } = await http(server).get('/metrics');
      return Number(/^process_resident_memory_bytes (\d+)/m.exec(text)?.[1]);
    };
    const before = await memory();
    const deaf = await RawSocket.open(server);
    await deaf.write(handshakeRequest(`/ws?appID=${randomUUID()}&side=A`));
    await deaf.answer();
    deaf.pause();
    const ping = maskedFrame(Opcode.Ping, 'x'.repeat(length));
    const pings = Buffer.concat(Array<Buffer>(10_000).fill(ping));
    for (let sent = 0; sent < mebibytes * MIB; sent += pings.length) await deaf.write(pings);
    expect((await memory()) - before).toBeLessThan(80 * MIB); // unbounded it would be 200 and 165
  });
});

describe('a peer that is silent and new while too much comes for it', () => {
  afterAll(async () => {
    dropSockets();
    await killServers();
  });

  it('is closed with 4000 before the hold is over, and nothing is kept for it', async () => {
    const server = await ServerProcess.start({ WS_MAX_BUFFERED: '65536' });
    const room = randomUUID();
    const a = await WsClient.open(`${server.ws}/ws?appID=${room}&side=A`);
    a.send({ type: 'hello' });
    await a.settled();
    const b = WsClient.begin(`${server.ws}/ws?appID=${room}&side=B`);
    await eventually(() => expect(a.frames).toHaveLength(1), { interval: 1 });
    a.send(FRAME, FRAME);
    expect(await b.end()).toMatchObject({ code: 4000 });
  });
});
