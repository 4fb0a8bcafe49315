// The yardstick for named rooms: the least a `ws` server with JSON.parse and JSON.stringify can be. The id that a client
// claims is believed. No limits, no checks, no heartbeat, no metrics.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const rooms = new Map();
const http = createServer((_, response) => response.end());
const server = new WebSocketServer({ server: http, perMessageDeflate: false });

server.on('connection', (socket, request) => {
  const name = request.url;
  let room = rooms.get(name);
  if (!room) rooms.set(name, (room = new Map()));
  let id;

  socket.on('message', (data) => {
    const { type, to, ...rest } = JSON.parse(data.toString());
    if (type !== 'register') return room.get(to)?.socket.send(JSON.stringify({ type, from: id, ...rest }));
    const { publicKey } = rest;
    const { kty, crv, x, y } = publicKey;
    id = createHash('sha256').update(JSON.stringify({ kty, crv, x, y })).digest('hex');
    const peers = Array.from(room, ([id, { publicKey }]) => ({ id, publicKey }));
    socket.send(JSON.stringify({ type: 'welcome', peerId: id, peers }));
    const joined = JSON.stringify({ type: 'peer-joined', peerId: id, publicKey });
    for (const peer of room.values()) peer.socket.send(joined);
    room.set(id, { socket, publicKey });
  });
  socket.on('close', () => {
    room.delete(id);
    const left = JSON.stringify({ type: 'peer-left', peerId: id });
    for (const peer of room.values()) peer.socket.send(left);
    if (room.size === 0) rooms.delete(name);
  });
  socket.on('error', () => {});
});

http.listen(Number(process.env.PORT), '127.0.0.1');
