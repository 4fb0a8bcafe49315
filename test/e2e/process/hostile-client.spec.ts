import { randomUUID } from 'node:crypto';
import { eventually } from '../../support/eventually.js';
import { dropRawSockets, http, RawSocket } from '../../support/raw-http.js';
import { killServers, ServerProcess } from '../../support/server-process.js';
import { dropSockets, handshakeRequest, maskedFrame, passed, WsClient } from '../../support/ws-client.js';

jest.setTimeout(120_000);

const SEED = Number(process.env['HOSTILE_SEED'] ?? 20_260_101);
const ROUNDS = 60;

/** mulberry32: the same junk every time, so that what fails once can be looked at. */
function seeded(seed: number) {
  const next = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number) => Math.floor(next() * n);
  return {
    below,
    bytes: (max: number) => Buffer.from(Array.from({ length: below(max) }, () => below(256))),
    oneOf: <T>(...choices: T[]): T => choices[below(choices.length)]!,
  };
}

describe(`a client that sends anything (seed ${SEED})`, () => {
  let server: ServerProcess;
  const random = seeded(SEED);

  beforeAll(async () => {
    server = await ServerProcess.start({ MAILBOX_TOTAL_BYTES: '1000000' });
  });
  afterEach(async () => {
    dropRawSockets();
    expect(server.exitCode).toBeUndefined();
    await http(server).get('/healthz').expect(200);
  });
  afterAll(async () => {
    dropSockets();
    await killServers();
  });

  const room = randomUUID();
  const target = () =>
    `/ws?appID=${random.oneOf(room, randomUUID())}&side=${random.oneOf('A', 'B')}${random.oneOf('', '&sid=', '&errors=1')}`;
  /** Ends a connection in one of the ways in which connections end. */
  const end = (socket: RawSocket) =>
    random.oneOf(
      () => socket.reset(),
      () => socket.destroy(),
      () => undefined,
    )();

  const mutated = (bytes: Buffer) => {
    const copy = Buffer.from(bytes);
    for (let i = random.below(4); i >= 0; i--) copy[random.below(copy.length)] = random.below(256);
    return random.below(3) === 0 ? copy.subarray(0, random.below(copy.length)) : copy;
  };
  const json = () => {
    const value = () =>
      random.oneOf(
        '1',
        '-1',
        '1e999',
        '"x"',
        'null',
        '[[[{}]]]',
        '{"a":{"b":1}}',
        '"\\ud800"',
        '9007199254740993',
        '""',
      );
    const type = random.oneOf(
      'offer',
      'HELLO',
      'send',
      'delivered',
      'telemetry',
      'ice',
      '__proto__',
      'toString',
      'room_full',
    );
    const members = ['to', 'payload', 'upTo', 'deliveredUpTo', 'event', 'mode', 'reason', 'type', '__proto__', 'sdp'];
    const chosen = members.filter(() => random.below(2) === 0).map((name) => `"${name}":${value()}`);
    return `{${[`"type":"${type}"`, ...chosen].join(',')}}`;
  };

  it('instead of a request cannot end the server', async () => {
    for (let i = 0; i < ROUNDS; i++) {
      const socket = await RawSocket.open(server);
      await socket.write(random.bytes(2_000));
      end(socket);
    }
  });

  it('in a request that is nearly right cannot either', async () => {
    for (let i = 0; i < ROUNDS; i++) {
      const plain = `POST /rendezvous/redeem HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"code":"1234"}`;
      const socket = await RawSocket.open(server);
      await socket.write(mutated(Buffer.from(random.oneOf(plain, handshakeRequest(target())))));
      end(socket);
    }
  });

  it('behind a handshake cannot either: bytes that are no frames', async () => {
    for (let i = 0; i < ROUNDS; i++) {
      const socket = await RawSocket.open(server);
      await socket.write(Buffer.concat([Buffer.from(handshakeRequest(target())), random.bytes(3_000)]));
      end(socket);
    }
  });

  it('in frames cannot either: of any opcode, length and content, broken off anywhere', async () => {
    for (let i = 0; i < ROUNDS; i++) {
      const socket = await RawSocket.open(server);
      await socket.write(handshakeRequest(target()));
      for (let n = random.below(10); n >= 0; n--) {
        const frame = maskedFrame(random.below(16), random.oneOf<string | Buffer>(random.bytes(300), json()), {
          fin: random.below(4) > 0,
          rsv: random.below(10) === 0 ? random.below(8) : 0,
        });
        await socket.write(random.below(5) === 0 ? mutated(frame) : frame);
      }
      end(socket);
    }
  });

  it('in frames that are nearly right cannot either', async () => {
    for (let i = 0; i < ROUNDS; i++) {
      const socket = await RawSocket.open(server);
      const frames = Array.from({ length: 20 }, () => maskedFrame(random.oneOf(1, 2), json()));
      await socket.write(Buffer.concat([Buffer.from(handshakeRequest(target())), ...frames]));
      end(socket);
    }
  });

  it('while it leaves at every moment of a handshake cannot either', async () => {
    const request = handshakeRequest(target());
    await Promise.all(
      Array.from({ length: ROUNDS }, async (_, i) => {
        const socket = await RawSocket.open(server);
        void socket.write(request.slice(0, Math.ceil((request.length * (i + 1)) / ROUNDS)));
        socket.reset();
      }),
    );
  });

  it('leaves nothing behind, and the next pair finds the server as ever', async () => {
    dropRawSockets();
    await eventually(
      async () => {
        const { text } = await http(server).get('/metrics').expect(200);
        expect(text.split('\n')).toEqual(expect.arrayContaining(['signalbox_ws_open 0', 'nt_rooms_active 0']));
      },
      { timeout: 30_000 },
    );
    const fresh = randomUUID();
    const a = await WsClient.open(`${server.ws}/ws?appID=${fresh}&side=A`);
    const b = await WsClient.open(`${server.ws}/ws?appID=${fresh}&side=B`);
    b.send({ type: 'hello' });
    a.send('{"type":"offer"}');
    await passed(a, b);
    expect(b.frames).toEqual(['{"type":"room_full"}', '{"type":"offer"}']);
    expect(server.stderr).toBe('');
  });
});
