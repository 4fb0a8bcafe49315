// The yardstick for Sigver: the least a relay by `ws` and protobufjs can be. The second peer of a key is bound to the
// first; its contents are decoded, given its id, encoded and sent. No limits, no heartbeats, no groups, no metrics.
import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import { WebSocketServer } from 'ws';

const Message = protobuf
  .loadSync(fileURLToPath(new URL('../../src/sigver/sigver.proto', import.meta.url)))
  .lookupType('Message');
const encode = (message) => Message.encode(Message.create(message)).finish();
const members = new Map();
const server = new WebSocketServer({ host: '127.0.0.1', port: Number(process.env.PORT), perMessageDeflate: false });

server.on('connection', (socket, { url }) => {
  let member;
  let senderId;
  socket.on('message', (data) => {
    const message = Message.decode(data);
    if (message.type === 'content') {
      member?.send(encode({ content: { senderId, recipientId: 0, data: message.content.data } }));
    } else if (message.type === 'connect') {
      member = members.get(url);
      if (member) senderId = randomInt(1, 2 ** 31);
      else members.set(url, socket);
      socket.send(encode({ connected: !member }));
    }
  });
  socket.on('close', () => member ?? members.delete(url));
  socket.on('error', () => {});
});
