import type { Change, Claim, Entry, Roster } from '../../core/rooms/room-directory.js';
import { KEY_PREFIX } from './redis-link.js';

const ROOM_PREFIX = `${KEY_PREFIX}room:{`;

/** The key of a room's hash; braces make all that is kept for a room live in one slot of a Redis Cluster. */
export function roomKey(room: string): string {
  return `${ROOM_PREFIX}${room}}`;
}

function roomOf(key: string): string {
  return key.slice(ROOM_PREFIX.length, -1);
}

/** What the scripts answer: see `room.lua`. */
export function parseAnswer(reply: unknown): Entry {
  const [outcome, revision, ...fields] = reply as [Entry['outcome'], string, ...string[]];
  const turns: [turn: number, claim: Claim][] = [];
  for (let i = 0; i < fields.length; i += 4) {
    turns.push([Number(fields[i + 1]), { place: fields[i]!, member: fields[i + 2]!, card: fields[i + 3]! }]);
  }
  return { outcome, ...roster(Number(revision), turns) };
}

/** A room's hash as it is stored. */
export function parseRecord(fields: Record<string, string>): Roster {
  const { revision = '0', ...places } = fields;
  const turns = Object.entries(places).map(([field, value]): [number, Claim] => {
    const [, turn, member, card] = /^(\d+) (\S+) (.*)$/s.exec(value)!;
    return [Number(turn), { place: field.slice(1), member: member!, card: card! }];
  });
  return roster(Number(revision), turns);
}

/** What a node is told of another's change: see `room.lua`. */
export function parseChange(message: string): Change {
  const [key, revision, steps] = JSON.parse(message) as [string, string, [string, string, string?][]];
  const left: Change['left'][number][] = [];
  const entered: Claim[] = [];
  for (const [place, member, card] of steps) {
    if (card === undefined) left.push({ place, member });
    else entered.push({ place, member, card });
  }
  return { room: roomOf(key), revision: Number(revision), left, entered };
}

function roster(revision: number, turns: [turn: number, claim: Claim][]): Roster {
  turns.sort(([a], [b]) => a - b);
  return { revision, claims: new Map(turns.map(([, claim]) => [claim.place, claim])) };
}
