// Many who join named rooms at once: all sockets are open, then all register, until each knows all others of its room.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import WebSocket from 'ws';
import { publicKey } from './keys.mjs';

const JOINED = Buffer.from('{"type":"peer-joined"');
const PATIENCE_MS = 30_000;

let crowd = [];

/** Opens the sockets of `rooms` rooms of `size` peers each. */
export async function gather({ port, rooms, size }) {
  for (let room = 0; room < rooms; room++) {
    const url = `ws://127.0.0.1:${port}/room/${randomUUID()}/websocket`;
    const sockets = Array.from({ length: size }, () => new WebSocket(url, { perMessageDeflate: false }));
    await Promise.all(sockets.map((socket) => once(socket, 'open')));
    crowd.push(sockets);
  }
}

/** Resolves with the numbers of others to be known, and of others known. */
export async function join() {
  let [sent, arrived] = [0, 0];
  for (const { length } of crowd) sent += length * (length - 1);
  await new Promise((resolve) => {
    const timer = setTimeout(resolve, PATIENCE_MS);
    const know = (others) => {
      if ((arrived += others) !== sent) return;
      clearTimeout(timer);
      resolve();
    };
    for (const sockets of crowd) {
      for (const [n, socket] of sockets.entries()) {
        socket.on('message', (data) =>
          know(data.indexOf(JOINED) === 0 ? 1 : (JSON.parse(data.toString()).peers?.length ?? 0)),
        );
        socket.send(publicKey(n).register);
      }
    }
  });
  return { sent, arrived };
}

export function disperse() {
  for (const socket of crowd.flat()) socket.terminate();
  crowd = [];
}
