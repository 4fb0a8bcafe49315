import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import { type Content, parseContent } from './content.js';

/** How Sigver ends a socket, beyond what every protocol of this server may close with. */
export const SigverClose = {
  /** The key is empty or longer than {@link MAX_KEY_LENGTH}. */
  BadKey: 4741,
  /** The client has sent no heartbeat for three ticks. */
  HeartbeatMissed: 4742,
  /** A text message, or bytes that are none of the client's messages. */
  BadMessage: 4743,
  /** The only member of the group, in which a joiner found no way to it, has given its place to that joiner. */
  Replaced: 4744,
} as const;

/** Longest key in characters as they are sent, percent escapes not decoded. */
export const MAX_KEY_LENGTH = 512;

/** What a client says of itself and of the group it believes to be in. */
export interface Connect {
  type: 'connect';
  /** Its id among the members, an unsigned 32-bit number; 0 is an id like any other. */
  id: number;
  /** The ids of the others it is connected to. */
  members: readonly number[];
}

export type ClientFrame = Connect | Content | { type: 'heartbeat' } | { type: 'connected' };

/** Bytes that are none of the client's messages: they do not decode, or to nothing known. */
export class BadFrame extends Error {}

const { root } = protobuf.parse(readFileSync(new URL('sigver.proto', import.meta.url), 'utf8'));
const Message = root.lookupType('Message');

export const HEARTBEAT = encode({ heartbeat: true });
/** The peer is a member of the group. */
export const CONNECTED = encode({ connected: true });
/** The peer is bound to a member, through which it has to find its way in. */
export const NOT_CONNECTED = encode({ connected: false });

/** @throws BadFrame */
export function parseFrame(data: Buffer): ClientFrame {
  return parseContent(data) ?? decode(data);
}

/** Whether the bytes are a heartbeat as every encoder writes it. */
export function isHeartbeat(data: Buffer): boolean {
  return data.length === HEARTBEAT.length && data.equals(HEARTBEAT);
}

function encode(message: object): Buffer {
  return Buffer.from(Message.encode(Message.create(message)).finish());
}

interface Decoded {
  type?: ClientFrame['type'];
  content?: Omit<Content, 'type'>;
  connect?: Omit<Connect, 'type'>;
}

function decode(data: Buffer): ClientFrame {
  let message: Decoded;
  try {
    message = Message.decode(data) as Decoded;
  } catch (error) {
    throw new BadFrame('undecodable', { cause: error });
  }
  switch (message.type) {
    case 'content': {
      const { recipientId, lastData, data } = message.content!;
      // Where the field is missing the library has an empty array.
      return { type: 'content', recipientId, lastData, data: Buffer.from(data) };
    }
    case 'connect': {
      const { id, members } = message.connect!;
      return { type: 'connect', id, members };
    }
    case 'heartbeat':
    case 'connected':
      return { type: message.type };
    case undefined:
      throw new BadFrame('unknown message');
  }
}
