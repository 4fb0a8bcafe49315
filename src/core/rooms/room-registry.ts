import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Clock, type Timer } from '../clock.js';
import { CloseCode } from '../errors.js';
import { Doubts } from './doubts.js';
import { inBatches } from './in-batches.js';
import { LocalMembers } from './local-members.js';
import { type Member, nodeOf } from './member.js';
import { NodeBus, NoOtherNodes } from './node-bus.js';
import { Room, type RoomObserver } from './room.js';
import { type Change, type Claim, type Entry, RoomDirectory, type Roster, type Terms } from './room-directory.js';

/** How often the directory is told which rooms are in use, in ms; it forgets those of which it hears nothing for longer. */
const KEEP_EVERY_MS = 30_000;

/** Terms of an entry, and what the others may know of the member. */
export interface Entering extends Terms {
  card?: string;
}

/** How an entry ended. */
export type Entrance =
  | { outcome: 'entered'; room: Room; /** Members in the room at that moment. */ size: number }
  | { outcome: Exclude<Entry['outcome'], 'entered'> };

/**
 * The rooms that have members on this node: copies of what the directory knows, except that this node alone knows of
 * its own members. One for all protocols: each gives its keys a prefix of its own.
 */
@Injectable()
export class RoomRegistry implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(RoomRegistry.name);
  private readonly rooms = new Map<string, Room>();
  private readonly observers = new Map<string, RoomObserver>();
  private readonly doubts: Doubts;
  /** Entries under way, by room. */
  private readonly entering = new Map<string, number>();
  private timer: Timer | undefined;

  constructor(
    private readonly directory: RoomDirectory,
    private readonly members: LocalMembers,
    private readonly clock: Clock,
    private readonly bus: NodeBus = new NoOtherNodes(),
  ) {
    this.doubts = new Doubts(clock, (key) => this.restore(key));
    directory.onChange((change) => this.changed(change));
    directory.onReturn(() => this.doubtAll([...this.rooms.keys()]));
    bus.onGone((node) => this.bury(node));
  }

  onModuleInit(): void {
    this.timer = this.clock.every(KEEP_EVERY_MS, () => void this.keep());
  }

  onModuleDestroy(): void {
    this.timer?.cancel();
  }

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

  /** The member of this id, on whichever node; undefined for one of this node that has ended. */
  member(id: string): Member | undefined {
    return this.members.get(id) ?? this.bus.member(id);
  }

  /** Who holds the place, on whichever node. */
  async holder(key: string, place: string): Promise<Member | undefined> {
    const room = this.rooms.get(key);
    if (room) return room.members.get(place);
    const claim = (await this.directory.look(key)).claims.get(place);
    return claim && this.member(claim.member);
  }

  /**
   * Claims a place. From the moment this resolves, the others in the room reach the member.
   * @throws ApiError `unavailable` while the directory cannot be asked
   */
  async enter(key: string, place: string, member: Member, { card = '', ...terms }: Entering = {}): Promise<Entrance> {
    const claim = { place, member: member.id, card };
    const { reachable } = this.directory;
    let entrance!: Entrance;
    this.entering.set(key, (this.entering.get(key) ?? 0) + 1);
    try {
      await this.directory.enter(key, claim, terms, (entry) => {
        const { outcome } = entry;
        if (outcome !== 'entered') entrance = { outcome };
        else entrance = { outcome, room: this.entered(key, claim, member, entry, terms), size: entry.claims.size };
      });
    } catch (error) {
      if (reachable) this.doubts.add(key); // it may have been done although nobody heard of it
      throw error;
    } finally {
      const others = this.entering.get(key)! - 1;
      if (others > 0) this.entering.set(key, others);
      else this.entering.delete(key);
    }
    return entrance;
  }

  /** Gives the place back, at once on this node; nothing happens when the member does not hold it. */
  leave(room: Room, place: string, member: Member): void {
    if (room.members.get(place) !== member) return;
    const claim = { place, member: member.id, card: '' };
    // First, so that whoever is told that the place is free may take it at once.
    const left = this.directory.leave(room.key, claim, (revision) => this.advance(room, revision));
    left.catch((error: unknown) => {
      this.logger.debug(error);
      this.doubts.add(room.key);
    });
    this.remove(room, place);
    this.forgetIfEmpty(room);
  }

  private entered(key: string, claim: Claim, member: Member, entry: Entry, { replacing }: Terms): Room {
    const { revision, claims } = entry;
    let room = this.rooms.get(key);
    if (!room) this.rooms.set(key, (room = new Room(key, this.clock.now())));
    // Usually the newcomer is all that has changed; comparing the rosters each time would make a large room costly.
    const isNext = revision === room.revision + 1 && claims.size === room.members.size + 1;
    if (!isNext) this.reconcile(room, entry, replacing, member);
    else {
      room.revision = revision;
      this.add(room, claim, member, true);
    }
    return room;
  }

  /** Another node has done something to the room. */
  private changed({ room: key, revision, left, entered }: Change): void {
    const room = this.rooms.get(key);
    if (!room || revision <= room.revision || !this.advance(room, revision)) return;
    for (const { place, member } of left) {
      if (room.members.get(place)?.id !== member) continue;
      const isReplaced = entered.length > 0;
      // Somebody took this node for dead. It is not: its claims are entered again, where they still can.
      if (room.locals.has(room.members.get(place)!) && !isReplaced) this.doubts.add(key);
      else this.lose(room, place, !entered.some((claim) => claim.place === place));
    }
    for (const claim of entered) this.show(room, claim);
    this.forgetIfEmpty(room);
  }

  /** Takes the next revision; where one was missed, the room is looked at again and this is false. */
  private advance(room: Room, revision: number): boolean {
    const isNext = revision <= room.revision + 1;
    if (isNext) room.revision = revision;
    else if (this.rooms.get(room.key) === room) this.doubtAll([room.key]);
    return isNext;
  }

  /** Makes the room's members those of the roster. Of this node's own only the newcomer can be new. */
  private reconcile(room: Room, { revision, claims }: Roster, replaced?: string, newcomer?: Member): void {
    room.revision = revision;
    for (const [place, { id }] of room.members) {
      if (claims.get(place)?.member !== id) this.lose(room, place, place === replaced);
    }
    for (const claim of claims.values()) this.show(room, claim, newcomer);
    this.forgetIfEmpty(room);
  }

  private show(room: Room, claim: Claim, newcomer?: Member): void {
    const { place, card } = claim;
    if (room.members.get(place)?.id === claim.member) {
      room.cards.set(place, card);
      return;
    }
    const isNewcomer = newcomer?.id === claim.member;
    const member = isNewcomer ? newcomer : this.bus.member(claim.member);
    if (member) this.add(room, claim, member, isNewcomer);
  }

  /** Somebody is in the room no more, without its own doing. @param keepsSocket as its protocol knows of it */
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

  private doubtAll(keys: readonly string[]): void {
    for (const key of keys) this.doubts.add(key);
    void this.doubts.run();
  }

  /** Brings the directory's claims of this node in line with its members, and then its copy with the directory. */
  private async restore(key: string): Promise<boolean> {
    if (!this.directory.reachable || this.entering.has(key)) return false; // an entry under way would be undone
    const room = this.rooms.get(key);
    await this.directory.restore(key, this.members.node, room ? claimsOf(room) : [], this.refresher(key));
    return true;
  }

  /** Ends what a node that is gone still holds in the rooms of this one. */
  private async bury(node: string): Promise<void> {
    const rooms = [...this.rooms.values()].filter((room) => hasMemberOf(room, node));
    if (rooms.length > 0) this.logger.warn({ message: 'a node is gone', node, rooms: rooms.length });
    await inBatches(rooms, ({ key }) => this.directory.restore(key, node, [], this.refresher(key)));
  }

  private refresher(key: string): (roster: Roster) => void {
    return (roster) => {
      const room = this.rooms.get(key);
      if (room) this.reconcile(room, roster);
    };
  }

  private async keep(): Promise<void> {
    try {
      for (const forgotten of await this.directory.keep([...this.rooms.keys()])) this.doubts.add(forgotten);
    } catch (error) {
      this.logger.debug(error); // the next turn comes before any is forgotten
    }
  }

  private observerOf({ key }: Room): RoomObserver | undefined {
    return this.observers.get(key.slice(0, key.indexOf(':') + 1));
  }
}

/** What this node claims in a room. */
function claimsOf({ members, locals, cards }: Room): Claim[] {
  const mine = [...members].filter(([, member]) => locals.has(member));
  return mine.map(([place, member]) => ({ place, member: member.id, card: cards.get(place)! }));
}

function hasMemberOf({ members }: Room, node: string): boolean {
  for (const { id } of members.values()) if (nodeOf(id) === node) return true;
  return false;
}
