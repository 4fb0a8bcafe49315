// Opens rooms of two. A room counts as open once a first frame of A has reached B, so a half-working server cannot pass.
import { connect } from 'node:net';
import WebSocket from 'ws';
import { PROTOCOLS, SMALL } from './protocols.mjs';

/** Opens `count` rooms, at most `width` at a time. */
export async function openRooms({ protocol, port, count, width = 25 }) {
  const rooms = [];
  let started = 0;
  const worker = async () => {
    while (started < count) {
      started++;
      rooms.push(await openRoom(PROTOCOLS[protocol], port));
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, worker));
  return rooms;
}

async function openRoom(protocol, port) {
  const room = protocol.room();
  const [a, b] = await Promise.all([openPeer(protocol, port, room, 'A'), openPeer(protocol, port, room, 'B')]);
  const probe = protocol.frame(room, SMALL);
  await new Promise((resolve) => {
    const expected = Buffer.from(probe.arrives);
    b.socket.on('message', function first(data) {
      if (!data.equals(expected)) return;
      b.socket.off('message', first);
      resolve();
    });
    a.socket.send(probe.sent);
  });
  return { room, protocol, a, b };
}

/** The TCP socket is made here so that the load can cork it; `ws` masks, frames and parses as in any client. */
function openPeer(protocol, port, room, side) {
  return new Promise((resolve, reject) => {
    const tcp = connect({ host: '127.0.0.1', port, noDelay: true });
    const socket = new WebSocket(`ws://127.0.0.1:${port}${protocol.path(room, side)}`, {
      perMessageDeflate: false,
      createConnection: () => tcp,
    });
    socket.once('error', reject);
    socket.once('open', () => {
      socket.send(protocol.hello(side));
      resolve({ socket, tcp });
    });
  });
}

export function closeRooms(rooms) {
  for (const { a, b } of rooms) {
    a.socket.terminate();
    b.socket.terminate();
  }
}
