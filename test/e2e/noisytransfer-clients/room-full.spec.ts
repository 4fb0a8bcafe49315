import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Child } from '../../support/child.js';
import { eventually } from '../../support/eventually.js';
import { PLACES, type Started } from '../../support/places.js';
import { killRedisServers } from '../../support/redis-server.js';

jest.setTimeout(30_000);

const SCRIPT = fileURLToPath(new URL('./clients/relay-peer.mjs', import.meta.url));
const ROUNDS = 12;
const ROOM_FULL = { type: 'room_full' };
const OFFER = [
  { type: 'offer', sdp: { type: 'offer', sdp: 'v=0' } },
  { type: 'ice', cand: { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 } },
  { type: 'ice', cand: null },
];

afterAll(killRedisServers);

// The CLI attaches its listener only after `open`. What the server writes right behind the 101 it therefore loses, for
// certain when the process was busy in between: the answer to the upgrade and the frames are then one read.
describe.each(PLACES)('a client that begins to listen only after open, %s,', (_place, start) => {
  let server: Started;
  let first: Child;
  let second: Child;

  beforeAll(async () => {
    server = await start();
    first = new Child(SCRIPT);
    second = new Child(SCRIPT);
    await Promise.all([first.event('ready'), second.event('ready')]);
  });
  afterAll(async () => {
    await Promise.all([first.kill(), second.kill()]);
    await server.close();
  });

  const join = async (peer: Child, options: { room: string; side: string; busyMs?: number; onRoomFull?: object[] }) => {
    const { ws } = peer === second && server.other ? server.other : server;
    peer.send({ do: 'join', relay: ws, ...options });
    await peer.waitFor(({ event, room }) => event === 'joined' && room === options.room);
  };

  const heard = (peer: Child, room: string) =>
    peer.messages.filter((message) => message.event === 'heard' && message.room === room).map(({ frame }) => frame);

  const rounds = Array.from({ length: ROUNDS }, (_, index) => ({ round: index + 1, busyMs: [0, 25, 50][index % 3] }));

  it.each(rounds)(
    'hears room_full as the second in the room: round $round, busy for $busyMs ms',
    async ({ busyMs }) => {
      const room = randomUUID();
      await join(first, { room, side: 'B' });
      await join(second, { room, side: 'A', busyMs, onRoomFull: OFFER });
      // The offer answers room_full: that it arrives says that both have heard it, and that nothing came before.
      await eventually(() => expect(heard(first, room)).toEqual([ROOM_FULL, ...OFFER]));
      expect(heard(second, room)).toEqual([ROOM_FULL]);
    },
  );

  it.each(rounds)('hears the offer that came at once: round $round, busy for $busyMs ms', async ({ busyMs }) => {
    const room = randomUUID();
    await join(first, { room, side: 'A', onRoomFull: OFFER });
    await join(second, { room, side: 'B', busyMs });
    await eventually(() => expect(heard(second, room)).toEqual([ROOM_FULL, ...OFFER]));
    expect(heard(first, room)).toEqual([ROOM_FULL]);
  });
});
