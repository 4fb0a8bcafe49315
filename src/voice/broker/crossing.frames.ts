import { createHash } from 'node:crypto';
import type { Speaker } from '../media/tap.js';

/** What one packet's message says about its speaker; the conversation is the subject's. */
export type Voice = Pick<Speaker, 'user' | 'client' | 'levelId'>;

/** A node says whether it has listeners in a conversation, and may ask the others to say so too. */
export interface Presence {
  node: string;
  listens: boolean;
  asks: boolean;
}

/** The fixed part of an RTP header (RFC 3550, 5.1), in bytes. */
const RTP_HEADER = 12;

/** The two subjects of a conversation: its packets, and the nodes that listen. A hash, as ids may be anything and long. */
export function subjectsOf(conversation: string): { packets: string; nodes: string } {
  const token = createHash('sha256').update(conversation).digest('base64url');
  return { packets: `signalbox.voice.packets.${token}`, nodes: `signalbox.voice.nodes.${token}` };
}

/** The part of a packet's message that is the same for all packets of a speaker: its length in two bytes, then JSON. */
export function encodeHead({ user, client, levelId }: Voice): Buffer {
  const json = Buffer.from(JSON.stringify({ user, client, levelId }));
  const length = Buffer.alloc(2);
  length.writeUInt16BE(json.length);
  return Buffer.concat([length, json]);
}

/** Where the RTP packet begins in the message. @throws Error when what is there cannot be a packet. */
export function packetStart(message: Buffer): number {
  const start = message.length < 2 ? Infinity : 2 + message.readUInt16BE(0);
  if (message.length < start + RTP_HEADER) throw new Error('no packet in it');
  return start;
}

/** @throws Error for anything else than {@link encodeHead} makes. */
export function parseHead(head: Buffer): Voice {
  const { user, client, levelId } = JSON.parse(head.toString('utf8', 2)) as Record<keyof Voice, unknown>;
  if (typeof user !== 'string' || typeof client !== 'string' || typeof levelId !== 'number')
    throw new Error('no speaker');
  return { user, client, levelId };
}

export function encodePresence(presence: Presence): string {
  return JSON.stringify(presence);
}

/** @throws Error for anything else than {@link encodePresence} makes. */
export function parsePresence(text: string): Presence {
  const { node, listens, asks } = JSON.parse(text) as Record<keyof Presence, unknown>;
  if (typeof node !== 'string' || typeof listens !== 'boolean' || typeof asks !== 'boolean')
    throw new Error('no presence');
  return { node, listens, asks };
}
