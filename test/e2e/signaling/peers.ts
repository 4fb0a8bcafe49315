import { randomUUID } from 'node:crypto';
import type { FakeClock } from '../../support/fake-clock.js';
import { passed, WsClient } from '../../support/ws-client.js';

export const ROOM_FULL = '{"type":"room_full"}';

/** How long a new socket is written nothing (PROTOCOLS.md 1.5, trap 1), and a little more. */
export const HOLD_MS = 160;

/** How long a newcomer waits for a side that somebody holds before it is refused. */
export const REFUSAL_MS = 2000;

/** How long the holder of a side has to answer when a newcomer comes. */
export const CHALLENGE_MS = 1500;

export type Side = 'A' | 'B';

/** How often who waits for a side looks whether a holder on another node has left it, and a little more. */
export const LOOK_MS = 310;

/** Where clients connect. */
export interface Place {
  ws: string;
  /** Where side B connects, and whoever wants a side that is held; the same server if absent. */
  other?: { ws: string };
}

/** `more` is appended to the query: `&sid=`, `&errors=1`. */
export function wsUrl({ ws, other }: Place, room: string, side: string, more = ''): string {
  const base = side === 'B' && other ? other.ws : ws;
  return `${base}/ws?appID=${encodeURIComponent(room)}&side=${side}${more}`;
}

/** As {@link join}, on the node that the holder of the side is not on. */
export async function joinAsRival(server: Place, room: string, side: Side, more = ''): Promise<WsClient> {
  const there = { ws: side === 'A' ? (server.other ?? server).ws : server.ws };
  return WsClient.open(wsUrl(there, room, side, more));
}

export async function join(server: Place, room: string, side: Side, more = ''): Promise<WsClient> {
  return WsClient.open(wsUrl(server, room, side, more));
}

/** Both sides of a fresh room, with the holds over and `room_full` seen; their `frames` are empty again. */
export async function pair(server: Place, clock: FakeClock): Promise<{ room: string; a: WsClient; b: WsClient }> {
  const room = randomUUID();
  const a = await join(server, room, 'A');
  const b = await join(server, room, 'B');
  await both(a, b);
  clock.advance(HOLD_MS);
  await both(a, b);
  for (const { frames } of [a, b]) {
    expect(frames).toEqual([ROOM_FULL]);
    frames.length = 0;
  }
  return { room, a, b };
}

export async function both(a: WsClient, b: WsClient): Promise<void> {
  await Promise.all([passed(a, b), passed(b, a)]);
}
