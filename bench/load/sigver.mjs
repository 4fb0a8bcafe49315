// Sigver's side of the load: B founds a group and A is bound to it; contents go from A to B. The id that A has for B is
// chosen by the server, so it is learned from the first content that crosses.
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

const Message = protobuf
  .loadSync(fileURLToPath(new URL('../../src/sigver/sigver.proto', import.meta.url)))
  .lookupType('Message');
const encode = (message) => Buffer.from(Message.encode(Message.create(message)).finish());

/** What the rest of a content takes beside its data, about: sizes are those of whole messages. */
const OVERHEAD = 12;

export const sigver = {
  binary: true,
  /** B must be in before A asks. */
  inTurn: true,
  /** Who sends none for 15 s is closed. */
  heartbeat: { message: encode({ heartbeat: true }), everyMs: 5000 },
  room: () => ({ key: randomUUID(), senderId: 0 }),
  path: ({ key }) => `/sigver/${key}`,
  hello: (side) => encode({ connect: { id: side === 'A' ? 1 : 2, members: [] } }),
  frame({ senderId }, size) {
    const data = Buffer.alloc(size - OVERHEAD, 'x');
    return {
      sent: encode({ content: { senderId: 1, recipientId: 0, data } }),
      arrives: encode({ content: { senderId, recipientId: 0, data } }),
    };
  },
  learn(room, message) {
    const { content } = Message.decode(message);
    if (content) room.senderId = content.senderId;
  },
};
