import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../clock.js';
import { LocalMembers } from './local-members.js';
import type { Member } from './member.js';
import { Room, type RoomObserver } from './room.js';
import { type Claim, type Entry, RoomDirectory, type Roster, type Terms } from './room-directory.js';

/** Terms of an entry, and what the others may know of the member. */
export interface Entering extends Terms {
  card?: string;
}

/** How an entry ended. */
export type Entrance =
  | { outcome: 'entered'; room: Room; /** Members in the room at that moment. */ size: number }
  | { outcome: Exclude<Entry['outcome'], 'entered'> };

/** The rooms that have members on this node. One for all protocols: each gives its keys a prefix of its own. */
@Injectable()
export class RoomRegistry {
  private readonly logger = new Logger(RoomRegistry.name);
  private readonly rooms = new Map<string, Room>();
  private readonly observers = new Map<string, RoomObserver>();

  constructor(
    private readonly directory: RoomDirectory,
    private readonly members: LocalMembers,
    private readonly clock: Clock,
  ) {}

  /** Tells the observer of all rooms whose key begins with the prefix, which ends in a colon. */
  observe(prefix: string, observer: RoomObserver): void {
    this.observers.set(prefix, observer);
  }

  get(key: string): Room | undefined {
    return this.rooms.get(key);
  }

  /** All rooms whose key begins with the prefix. */
  *withPrefix(prefix: string): Generator<Room> {
    for (const room of this.rooms.values()) if (room.key.startsWith(prefix)) yield room;
  }

  /** Who is in the room, whether or not this node has members in it. */
  look(key: string): Promise<Roster> {
    return this.directory.look(key);
  }

  /** Who holds the place, on whichever node. */
  async holder(key: string, place: string): Promise<Member | undefined> {
    const room = this.rooms.get(key);
    if (room) return room.members.get(place);
    const claim = (await this.directory.look(key)).claims.get(place);
    return claim && this.members.get(claim.member);
  }

  /** Claims a place. From the moment this resolves, the others in the room reach the member. */
  async enter(key: string, place: string, member: Member, { card = '', ...terms }: Entering = {}): Promise<Entrance> {
    const claim = { place, member: member.id, card };
    let entrance!: Entrance;
    await this.directory.enter(key, claim, terms, (entry) => {
      const { outcome } = entry;
      if (outcome !== 'entered') entrance = { outcome };
      else entrance = { outcome, room: this.entered(key, claim, member, entry), size: entry.claims.size };
    });
    return entrance;
  }

  /** Gives the place back, at once on this node; nothing happens when the member does not hold it. */
  leave(room: Room, place: string, member: Member): void {
    if (room.members.get(place) !== member) return;
    const claim = { place, member: member.id, card: '' };
    this.remove(room, place);
    if (room.locals.size === 0) this.rooms.delete(room.key);
    this.directory
      .leave(room.key, claim, (revision) => (room.revision = revision))
      .catch((error: unknown) => this.logger.error(error, 'a place could not be given back; its lease will end it'));
  }

  private entered(key: string, claim: Claim, member: Member, { revision, claims }: Entry): Room {
    let room = this.rooms.get(key);
    if (!room) this.rooms.set(key, (room = new Room(key, this.clock.now())));
    // Usually the newcomer is all that has changed; comparing the rosters each time would make a large room costly.
    const isNext = revision === room.revision + 1 && claims.size === room.members.size + 1;
    room.revision = revision;
    if (isNext) this.add(room, claim, member);
    else this.reconcile(room, claims, member);
    return room;
  }

  /** Makes the room's members those of the roster. */
  private reconcile(room: Room, claims: ReadonlyMap<string, Claim>, newcomer: Member): void {
    for (const [place, { id }] of room.members) if (claims.get(place)?.member !== id) this.remove(room, place);
    for (const claim of claims.values()) {
      const member = claim.member === newcomer.id ? newcomer : this.members.get(claim.member);
      if (!member) continue;
      if (room.members.has(claim.place)) room.cards.set(claim.place, claim.card);
      else this.add(room, claim, member);
    }
  }

  private add(room: Room, { place, card }: Claim, member: Member): void {
    room.members.set(place, member);
    room.cards.set(place, card);
    room.locals.add(member);
    this.observerOf(room)?.joined?.(room, place, member);
  }

  private remove(room: Room, place: string): void {
    const member = room.members.get(place)!;
    room.members.delete(place);
    room.cards.delete(place);
    room.locals.delete(member);
    this.observerOf(room)?.left?.(room, place, member);
  }

  private observerOf({ key }: Room): RoomObserver | undefined {
    return this.observers.get(key.slice(0, key.indexOf(':') + 1));
  }
}
