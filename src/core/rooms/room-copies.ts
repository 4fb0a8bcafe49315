import type { Clock } from '../clock.js';
import { CloseCode } from '../errors.js';
import { type Member, nodeOf } from './member.js';
import type { NodeBus } from './node-bus.js';
import { Room, type RoomObserver } from './room.js';
import type { Change, Claim, Entry, Roster } from './room-directory.js';

/** Who has just entered, by this node's own doing. */
export interface Newcomer {
  claim: Claim;
  member: Member;
  /** The place whose claim ended in the same step, of which its protocol knows. */
  replacing?: string;
}

/**
 * The rooms that have members on this node, as copies of what the directory has; except that of this node's own members
 * this node knows better. Tells the protocols who comes and goes.
 */
export class RoomCopies {
  private readonly rooms = new Map<string, Room>();
  private readonly observers = new Map<string, RoomObserver>();

  constructor(
    private readonly bus: NodeBus,
    private readonly clock: Clock,
  ) {}

  observe(prefix: string, observer: RoomObserver): void {
    this.observers.set(prefix, observer);
  }

  get(key: string): Room | undefined {
    return this.rooms.get(key);
  }

  get all(): Room[] {
    return [...this.rooms.values()];
  }

  *withPrefix(prefix: string): Generator<Room> {
    for (const room of this.rooms.values()) if (room.key.startsWith(prefix)) yield room;
  }

  /** A member of this node has entered. */
  entered(key: string, newcomer: Newcomer, roster: Entry): Room {
    const { revision, claims } = roster;
    let room = this.rooms.get(key);
    if (!room) this.rooms.set(key, (room = new Room(key, this.clock.now())));
    // Usually the newcomer is all that has changed; comparing the rosters each time would make a large room costly.
    const isNext = revision === room.revision + 1 && claims.size === room.members.size + 1;
    if (!isNext) this.become(room, roster, newcomer);
    else {
      room.revision = revision;
      this.add(room, newcomer.claim, newcomer.member, true);
    }
    return room;
  }

  /** A member of this node has left. */
  left(room: Room, place: string): void {
    this.remove(room, place);
    this.forgetIfEmpty(room);
  }

  /** Another node has changed a room. False when the copy is not the directory's any more. */
  changed({ room: key, revision, left, entered }: Change): boolean {
    const room = this.rooms.get(key);
    if (!room || revision <= room.revision) return true;
    if (!this.advance(room, revision)) return false;
    let agrees = true;
    for (const { place, member: id } of left) {
      const member = room.members.get(place);
      if (member?.id !== id) continue;
      // Somebody took this node for dead: nobody else ends a claim without one of his own in its place.
      if (room.locals.has(member) && entered.length === 0) agrees = false;
      else this.lose(room, place, !entered.some((claim) => claim.place === place));
    }
    for (const claim of entered) this.show(room, claim);
    this.forgetIfEmpty(room);
    return agrees;
  }

  /** The room is at this revision by this node's own doing. False when the copy has missed one before. */
  advance(room: Room, revision: number): boolean {
    if (revision > room.revision + 1 && this.rooms.get(room.key) === room) return false;
    room.revision = revision;
    return true;
  }

  /** The copy was out of touch, and is the directory's again. */
  resumed(key: string): void {
    const room = this.rooms.get(key);
    if (room) this.observerOf(room)?.resumed?.(room);
  }

  /** Makes the copy, if there is one, agree with the roster. */
  reconcile(key: string, roster: Roster): void {
    const room = this.rooms.get(key);
    if (room) this.become(room, roster);
  }

  /** Of this node's own members only the newcomer can be new: others are entering or leaving, and this is older. */
  private become(room: Room, { revision, claims }: Roster, newcomer?: Newcomer): void {
    room.revision = revision;
    for (const [place, { id }] of room.members) {
      if (claims.get(place)?.member !== id) this.lose(room, place, place === newcomer?.replacing);
    }
    for (const claim of claims.values()) this.show(room, claim, newcomer);
    this.forgetIfEmpty(room);
  }

  private show(room: Room, claim: Claim, newcomer?: Newcomer): void {
    const { place, card, member: id } = claim;
    if (room.members.get(place)?.id === id) {
      room.cards.set(place, card);
      return;
    }
    const isNewcomer = newcomer?.claim.member === id;
    const member = isNewcomer ? newcomer.member : this.bus.member(id);
    if (member) this.add(room, claim, member, isNewcomer);
  }

  /** Somebody is in the room no more; without its own doing, and if it is of this node, not knowing of it. */
  private lose(room: Room, place: string, keepsSocket: boolean): void {
    const member = room.members.get(place)!;
    const isLocal = room.locals.has(member);
    this.remove(room, place);
    if (isLocal && !keepsSocket) void member.evict({ code: CloseCode.Displaced, reason: 'displaced' });
  }

  private add(room: Room, { place, card }: Claim, member: Member, isLocal: boolean): void {
    room.members.set(place, member);
    room.cards.set(place, card);
    if (isLocal) room.locals.add(member);
    this.observerOf(room)?.joined?.(room, place, member);
  }

  private remove(room: Room, place: string): void {
    const member = room.members.get(place)!;
    room.members.delete(place);
    room.cards.delete(place);
    room.locals.delete(member);
    this.observerOf(room)?.left?.(room, place, member);
  }

  private forgetIfEmpty(room: Room): void {
    if (room.locals.size === 0 && this.rooms.get(room.key) === room) this.rooms.delete(room.key);
  }

  private observerOf({ key }: Room): RoomObserver | undefined {
    return this.observers.get(key.slice(0, key.indexOf(':') + 1));
  }
}

/** What this node claims in a room. */
export function claimsOf({ members, locals, cards }: Room): Claim[] {
  const mine = [...members].filter(([, member]) => locals.has(member));
  return mine.map(([place, member]) => ({ place, member: member.id, card: cards.get(place)! }));
}

/** Whether one of another node's members is in the room. */
export function hasMemberOf({ members }: Room, node: string): boolean {
  for (const { id } of members.values()) if (nodeOf(id) === node) return true;
  return false;
}
