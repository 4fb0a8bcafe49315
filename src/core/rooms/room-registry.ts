import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Clock, type Timer } from '../clock.js';
import { reportFault } from '../report-fault.js';
import { Doubts } from './doubts.js';
import { inBatches } from './in-batches.js';
import { LocalMembers } from './local-members.js';
import type { Member } from './member.js';
import { NodeBus, NoOtherNodes } from './node-bus.js';
import type { Room, RoomObserver } from './room.js';
import { claimsOf, hasMemberOf, RoomCopies } from './room-copies.js';
import { type Entry, RoomDirectory, type Roster, type Terms } from './room-directory.js';

/** How often the directory is told which rooms are in use, in ms; it forgets those of which it hears nothing for longer. */
const KEEP_EVERY_MS = 30_000;

/** Terms of an entry, and what the others may know of the member. */
export interface Entering extends Terms {
  card?: string;
}

/** How an entry ended. */
export type Entrance = { outcome: 'entered'; room: Room } | { outcome: Exclude<Entry['outcome'], 'entered'> };

/** The rooms that have members on this node. One for all protocols: each gives its keys a prefix of its own. */
@Injectable()
export class RoomRegistry implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(RoomRegistry.name);
  private readonly copies: RoomCopies;
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
    this.copies = new RoomCopies(bus, clock);
    this.doubts = new Doubts(
      clock,
      () => directory.reachable,
      (key) => this.restore(key),
    );
    directory.onChange((change) => this.copies.changed(change) || this.doubt(change.room));
    directory.onReturn(() => this.doubt(...this.copies.all.map(({ key }) => key)));
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
    this.copies.observe(prefix, observer);
  }

  /**
   * Tells of each node that is gone and with it all its members, after the observers of their rooms; of others than
   * those this node has had to do with it does not.
   */
  onGone(listener: (node: string) => void): void {
    this.bus.onGone(async (node) => listener(node));
  }

  get(key: string): Room | undefined {
    return this.copies.get(key);
  }

  /** All rooms whose key begins with the prefix. */
  withPrefix(prefix: string): Generator<Room> {
    return this.copies.withPrefix(prefix);
  }

  /** Who is in the room, whether or not this node has members in it. */
  look(key: string): Promise<Roster> {
    return this.directory.look(key);
  }

  /**
   * The member of this id, on whichever node; undefined for one of this node that has ended. That another one's node is
   * gone is told from now on: see {@link onGone}.
   */
  member(id: string): Member | undefined {
    return this.members.get(id) ?? this.bus.member(id);
  }

  /** Who holds the place, on whichever node. */
  async holder(key: string, place: string): Promise<Member | undefined> {
    const room = this.get(key);
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
    const newcomer = { claim, member, replacing: terms.replacing };
    const { reachable } = this.directory;
    let entrance!: Entrance;
    this.entering.set(key, (this.entering.get(key) ?? 0) + 1);
    try {
      await this.directory.enter(key, claim, terms, (entry) => {
        const { outcome } = entry;
        if (outcome !== 'entered') entrance = { outcome };
        else entrance = { outcome, room: this.copies.entered(key, newcomer, entry) };
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
    const left = this.directory.leave(room.key, claim, (revision) => {
      if (!this.copies.advance(room, revision)) this.doubt(room.key);
    });
    left.catch((error: unknown) => {
      reportFault(this.logger, error);
      this.doubts.add(room.key);
    });
    this.copies.left(room, place);
  }

  private doubt(...keys: string[]): void {
    for (const key of keys) this.doubts.add(key);
    void this.doubts.run();
  }

  /** Brings the directory's claims of this node in line with its members, and then its copy with the directory. */
  private async restore(key: string): Promise<boolean> {
    if (this.entering.has(key)) return false; // an entry under way would be undone
    const room = this.get(key);
    const claims = room ? claimsOf(room) : [];
    await this.directory.restore(key, this.members.node, claims, (roster) => this.copies.reconcile(key, roster));
    this.copies.resumed(key);
    return true;
  }

  /** Ends what a node that is gone still holds in the rooms of this one. */
  private async bury(node: string): Promise<void> {
    const rooms = this.copies.all.filter((room) => hasMemberOf(room, node));
    if (rooms.length > 0) this.logger.warn({ message: 'a node is gone', node, rooms: rooms.length });
    await inBatches(rooms, ({ key }) =>
      this.directory.restore(key, node, [], (roster) => this.copies.reconcile(key, roster)),
    );
  }

  private async keep(): Promise<void> {
    try {
      for (const forgotten of await this.directory.keep(this.copies.all.map(({ key }) => key)))
        this.doubts.add(forgotten);
    } catch (error) {
      reportFault(this.logger, error); // the next turn comes before any is forgotten
    }
  }
}
