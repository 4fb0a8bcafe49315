// Opens rooms of two. A room counts as open once a first frame of A has reached B, so a half-working server cannot pass.
import { connect } from 'node:net';
import WebSocket from 'ws';
import { PROTOCOLS, SMALL } from './protocols.mjs';

const PATIENCE_MS = 15_000;

/** Opens `count` rooms, at most `width` at a time. @param otherPort where B connects, if not where A does */
export function openRooms({ protocol, port, otherPort = port, count, width = 25 }) {
  return atMost(width, count, () => openRoom(PROTOCOLS[protocol], port, otherPort));
}

/** Opens `count` rooms with only A in them: nothing is sent but each peer's first frame. */
export function openLoners({ protocol, port, count, width = 25 }) {
  return atMost(width, count, async () => {
    const room = PROTOCOLS[protocol].room();
    return { a: await openPeer(PROTOCOLS[protocol], port, room, 'A') };
  });
}

async function openRoom(protocol, port, otherPort) {
  const room = protocol.room();
  const first = protocol.inTurn && (await openPeer(protocol, otherPort, room, 'B'));
  const [a, b] = await Promise.all([
    openPeer(protocol, port, room, 'A'),
    first || openPeer(protocol, otherPort, room, 'B'),
  ]);
  await crossed(protocol, room, a.socket, b.socket);
  return { room, protocol, a, b };
}

async function atMost(width, count, open) {
  const opened = [];
  let started = 0;
  const worker = async () => {
    while (started < count) {
      started++;
      opened.push(await open());
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, worker));
  return opened;
}

function crossed(protocol, room, from, to) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('a first frame did not arrive')), PATIENCE_MS);
    to.on('message', function first(data) {
      protocol.learn?.(room, data);
      if (!data.equals(Buffer.from(protocol.frame(room, SMALL).arrives))) return;
      clearTimeout(timer);
      to.off('message', first);
      resolve();
    });
    from.send(protocol.frame(room, SMALL).sent);
  });
}

/** The TCP socket is made here so that the load can cork it; `ws` masks, frames and parses as in any client. */
function openPeer(protocol, port, room, side) {
  return new Promise((resolve, reject) => {
    const tcp = connect({ host: '127.0.0.1', port, noDelay: true });
    const socket = new WebSocket(`ws://127.0.0.1:${port}${protocol.path(room, side)}`, {
      perMessageDeflate: false,
      handshakeTimeout: PATIENCE_MS,
      createConnection: () => tcp,
    });
    socket.once('error', reject);
    socket.once('open', () => {
      socket.send(protocol.hello(side));
      if (protocol.heartbeat) keepAlive(socket, protocol.heartbeat);
      if (!protocol.ready) return resolve({ socket, tcp });
      socket.once('message', (data) => {
        if (data.toString().startsWith(protocol.ready)) resolve({ socket, tcp });
        else reject(new Error(`not let in: ${data}`));
      });
    });
  });
}

function keepAlive(socket, { message, everyMs }) {
  const timer = setInterval(() => socket.send(message), everyMs);
  socket.once('close', () => clearInterval(timer));
}

export function closeRooms(rooms) {
  for (const { a, b } of rooms) {
    a.socket.terminate();
    b?.socket.terminate();
  }
}
