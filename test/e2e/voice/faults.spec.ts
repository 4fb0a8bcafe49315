import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { killChildren } from '../../support/child.js';
import { eventually } from '../../support/eventually.js';
import { http } from '../../support/raw-http.js';
import { offerSdp } from '../../support/sdp.js';
import { killServers, ServerProcess } from '../../support/server-process.js';
import { dropSockets, passed, WsClient } from '../../support/ws-client.js';
import { claimOf, PATIENCE, type VoicePeer, VoicePeers } from './voice-peers.js';

jest.setTimeout(240_000);

/** Attackers, and how many come at a time. */
const ATTACKERS = 200;
const AT_ONCE = 10;

let server: ServerProcess;
let peers: VoicePeers;

beforeEach(async () => {
  server = await ServerProcess.start({ VOICE_BIND: '127.0.0.1', DRAIN_DELAY: '0s' });
  peers = new VoicePeers(server);
});
afterEach(async () => {
  dropSockets();
  await killChildren();
  await killServers();
});

const open = (user: string): Promise<WsClient> =>
  WsClient.open(`${server.ws}/connect`, { headers: { 'X-User-Claim': claimOf(user, 'device') } });

/** Two clients in one conversation, one talking and heard by the other. */
async function talk(user: string, listener: string): Promise<[VoicePeer, VoicePeer]> {
  for (const each of [user, listener]) {
    await http(server).post('/join/room').set('X-User-Claim', claimOf(each, 'device')).expect(200);
  }
  const [mouth, ear] = [await peers.connect(user), await peers.connect(listener)];
  mouth.talk();
  await ear.hears(mouth);
  return [mouth, ear];
}

/** Waits until it hears so many more. */
async function hearsMore(ear: VoicePeer, mouth: VoicePeer, packets: number): Promise<void> {
  const { heard } = await ear.tell();
  await ear.hears(mouth, heard.filter(({ text }) => text.startsWith(`${mouth.id} `)).length + packets);
}

/** The processor time that a process has used: fields 14 and 15 of its `stat` (proc(5)), in hundredths on Linux. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const metric = async (name: string): Promise<number> => {
  const { text } = await http(server).get('/metrics').expect(200);
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
};

describe('when the media process is killed', () => {
  it('codes, rooms and their sockets do not notice, its callers are closed 1011, and the next offer is answered in 5 s', async () => {
    const room = randomUUID();
    const a = await WsClient.open(`${server.ws}/ws?appID=${room}&side=A`);
    const b = await WsClient.open(`${server.ws}/ws?appID=${room}&side=B`);
    const [mouth, ear] = await talk('mouth', 'ear');
    const pid = server.mediaProcess;
    process.kill(pid, 'SIGKILL');
    expect((await mouth.closed()).code).toBe(1011);
    expect((await ear.closed()).code).toBe(1011);
    await http(server).post('/rendezvous/code').expect(200);
    await http(server).get('/readyz').expect(200);
    a.send('{"type":"offer"}');
    b.send({ type: 'hello' });
    await passed(a, b);
    expect(b.frames).toContain('{"type":"offer"}');

    const client = await open('next');
    client.send(offerSdp());
    await eventually(() => expect(client.frames).toHaveLength(1), PATIENCE);
    const next = server.mediaProcess;
    expect(next).not.toBe(pid);
    // Five seconds from death to answer, however busy the machine is: what is waited, and what the new process works.
    const [, retryMs] = /retryMs: (\d+)/.exec(server.output)!;
    expect(Number(retryMs) / 1000 + cpuSeconds(next)).toBeLessThan(5);
    await talk('mouth', 'ear');
    expect(await metric('signalbox_voice_media_deaths_total')).toBe(1);
    expect(server.output).toContain('the media process has died');
  });

  it('again and again, readiness says so in its details and stays 200', async () => {
    const client = await open('alice');
    client.send(offerSdp());
    await eventually(() => expect(client.frames).toHaveLength(1), PATIENCE);
    const degraded = {
      ready: true,
      details: { voice: expect.objectContaining({ media: expect.any(String) as string }) as object },
    };
    await eventually(async () => {
      const pid = server.mediaProcess;
      if (pid > 0) process.kill(pid, 'SIGKILL');
      const answer = await http(server).get('/readyz').expect(200);
      expect(answer.body).toEqual(degraded);
    }, PATIENCE);
    await eventually(async () => {
      const answer = await http(server).get('/readyz').expect(200);
      expect(answer.body).toEqual({ ready: true });
    }, PATIENCE);
  });
});

it('two hundred malformed offers, and twice as many candidates, change nothing for those who talk', async () => {
  const [mouth, ear] = await talk('mouth', 'ear');
  const pid = server.mediaProcess;
  const good = offerSdp({ slots: 1 });
  const guest = await open('guest');
  guest.send(`offer::${offerSdp()}`);
  await eventually(() => expect(guest.frames.length).toBeGreaterThan(0), PATIENCE);
  const attack = async (i: number): Promise<number | undefined> => {
    const client = await open(`mallory-${i}`);
    const at = Math.floor((i / ATTACKERS) * good.length);
    const bytes = Buffer.from(good);
    randomBytes(40).copy(bytes, at);
    client.send(i % 2 ? good.slice(0, at) : `offer::${bytes.toString('latin1')}`);
    await eventually(() => client.frames.length > 0 || client.closed !== undefined, PATIENCE);
    const code = client.closed?.code;
    client.terminate();
    guest.send(
      `ice::candidate:${randomBytes(20).toString('latin1')}`,
      `ice::candidate:1 1 UDP ${i} ${'9'.repeat(i)} ${i}`,
    );
    return code;
  };
  const codes: number[] = [];
  for (let i = 0; i < ATTACKERS; i += AT_ONCE) {
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, (_, j) => attack(i + j)));
    codes.push(...answers.filter((code) => code !== undefined));
  }
  expect(new Set(codes)).toEqual(new Set([1008]));
  expect(codes.length).toBeGreaterThan(0.4 * ATTACKERS); // some of what is random is harmless, and a good offer
  await guest.settled();
  expect(guest.closed).toBeUndefined();
  await hearsMore(ear, mouth, 20);
  expect(server.mediaProcess).toBe(pid);
});

it('junk on the media port changes nothing', async () => {
  const [mouth, ear] = await talk('mouth', 'ear');
  const client = await open('third');
  client.send(offerSdp());
  await eventually(() => expect(client.frames).toHaveLength(1), PATIENCE);
  const port = Number(/^a=candidate:\S+ 1 UDP \d+ \S+ (\d+)/m.exec(client.frames[0]!)?.[1]);
  const pid = server.mediaProcess;
  const socket = createSocket('udp4');
  try {
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    for (let i = 0; i < 2000; i++) socket.send(randomBytes(1 + (i % 1400)), port, '127.0.0.1');
    for (const first of [0, 1, 20, 22, 23, 64, 128, 144, 255]) socket.send(Buffer.alloc(200, first), port, '127.0.0.1');
    await hearsMore(ear, mouth, 20);
  } finally {
    socket.close();
  }
  expect(server.mediaProcess).toBe(pid);
});

describe('on SIGTERM', () => {
  it('with live peers the server ends with 0 inside ten seconds, and the media process with it', async () => {
    await talk('mouth', 'ear');
    const pid = server.mediaProcess;
    const began = Date.now();
    server.signal('SIGTERM');
    expect(await server.exit()).toBe(0);
    expect(Date.now() - began).toBeLessThan(10_000);
    expect(readdirSync('/proc')).not.toContain(String(pid));
    expect(server.stderr).toBe('');
  });
});

describe('when the server is killed', () => {
  it('the media process ends too', async () => {
    await talk('mouth', 'ear');
    const pid = server.mediaProcess;
    await server.kill();
    await eventually(() => expect(readdirSync('/proc')).not.toContain(String(pid)), PATIENCE);
  });
});
