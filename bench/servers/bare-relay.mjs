// The yardstick: the least a `ws` relay can be. Rooms of two in a Map, the type peeked at without parsing, the received
// Buffer forwarded as text. No limits, no heartbeat, no metrics, no mailbox.
import { WebSocketServer } from 'ws';

const RELAYED = /^\s*\{\s*"type"\s*:\s*"(?:offer|answer|ice|sender_ready)"/i;
const PEEK_BYTES = 48;
const rooms = new Map();
const server = new WebSocketServer({ host: '127.0.0.1', port: Number(process.env.PORT), perMessageDeflate: false });

server.on('connection', (socket, request) => {
  const query = new URL(request.url, 'ws://bench').searchParams;
  const appID = query.get('appID');
  const mine = query.get('side') === 'A' ? 0 : 1;
  let room = rooms.get(appID);
  if (!room) rooms.set(appID, (room = [undefined, undefined]));
  room[mine] = socket;

  socket.on('message', (data) => {
    if (RELAYED.test(data.toString('latin1', 0, PEEK_BYTES))) room[1 - mine]?.send(data, { binary: false });
  });
  socket.on('close', () => {
    room[mine] = undefined;
    if (!room[1 - mine]) rooms.delete(appID);
  });
  socket.on('error', () => {});
});
