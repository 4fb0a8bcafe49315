import type { JsonWebKey } from 'node:crypto';
import { rawMember } from '../core/json/raw-member.js';
import { RoomError, type RoomErrorCode } from './named-rooms.errors.js';
import { readdress } from './readdress.js';

/** Frames that go to one peer. */
export const RELAYED = ['offer', 'answer', 'ice-candidate'] as const;
type Relayed = (typeof RELAYED)[number];

/** A frame on its way from one peer to another. */
export interface RelayFrame {
  type: Relayed;
  to: string;
  /** The client's text, its bytes as Latin-1. */
  json: string;
}

/** What a client sends. */
export type ClientFrame =
  /** `publicKey` is the JSON text the client wrote. */
  { type: 'register'; publicKey: string; proof: boolean } | { type: 'prove'; signature: string } | RelayFrame;

interface Members {
  type?: unknown;
  proof?: unknown;
  signature?: unknown;
  to?: unknown;
}

/**
 * Reads one message. Of repeated members the last counts.
 * @throws RoomError `bad_frame`
 */
export function parseFrame(data: Buffer, isBinary: boolean): ClientFrame {
  if (isBinary) throw new RoomError('bad_frame', 'frames are text messages');
  // Bytes as Latin-1 are one step, and JSON's grammar is ASCII: enough for a relay, of which only ASCII is read here.
  const json = data.toString('latin1');
  const { type, to, proof, signature } = parseObject(json);
  switch (type) {
    case 'offer':
    case 'answer':
    case 'ice-candidate':
      if (typeof to !== 'string') throw new RoomError('bad_frame', '`to` must be the id of a peer');
      return { type, to, json };
    case 'register': {
      const publicKey = rawMember(data.toString(), 'publicKey');
      if (publicKey === undefined) throw new RoomError('bad_frame', '`publicKey` is missing');
      return { type, publicKey, proof: proof === true };
    }
    case 'prove':
      if (typeof signature !== 'string') throw new RoomError('bad_frame', '`signature` must be a string');
      return { type, signature };
    default:
      throw new RoomError('bad_frame', 'unknown type');
  }
}

function parseObject(json: string): Members {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new RoomError('bad_frame', 'this is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RoomError('bad_frame', 'a frame is a JSON object');
  return value;
}

/** The frame as the peer gets it, in the sender's own bytes but for who it is from. */
export function relayFrame({ json }: RelayFrame, from: string): Buffer {
  return Buffer.from(readdress(json, from), 'latin1');
}

/** What the others in a room are shown of a peer, as the text that the room keeps: a JSON object that is never empty. */
export function cardOf(publicKey: JsonWebKey, isProven: boolean): string {
  return JSON.stringify(isProven ? { publicKey, verified: true } : { publicKey });
}

/** Whether the card is of a peer that has proved its key. */
export function isVerified(card: string): boolean {
  return (JSON.parse(card) as { verified?: boolean }).verified === true;
}

/** @param cards of everybody in the room by id, the receiver included, who is left out */
export function welcomeFrame(peerId: string, cards: ReadonlyMap<string, string>): string {
  let peers = '';
  for (const [id, card] of cards) if (id !== peerId) peers += `${peers && ','}{"id":"${id}",${card.slice(1)}`;
  return `{"type":"welcome","peerId":"${peerId}","peers":[${peers}]}`;
}

export function peerJoinedFrame(peerId: string, card: string): string {
  return `{"type":"peer-joined","peerId":"${peerId}",${card.slice(1)}`;
}

export function peerLeftFrame(peerId: string): string {
  return `{"type":"peer-left","peerId":"${peerId}"}`;
}

export function challengeFrame(nonce: string): string {
  return `{"type":"challenge","nonce":"${nonce}"}`;
}

export function errorFrame(code: RoomErrorCode, message: string): string {
  return JSON.stringify({ type: 'error', code, message });
}
