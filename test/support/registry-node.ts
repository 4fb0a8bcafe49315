import { MemoryRoomDirectory } from '../../src/storage/memory/memory-room-directory.js';
import { LocalMembers } from '../../src/core/rooms/local-members.js';
import { type Farewell, type Member, memberId } from '../../src/core/rooms/member.js';
import { NodeBus } from '../../src/core/rooms/node-bus.js';
import type { Room } from '../../src/core/rooms/room.js';
import type { Change, Claim, Entry, Roster, Terms } from '../../src/core/rooms/room-directory.js';
import { RoomRegistry } from '../../src/core/rooms/room-registry.js';
import { FakeClock } from './fake-clock.js';

/** Somebody on another node. */
export const FAR: Claim = { place: 'B', member: memberId('far', 1), card: 'Bob' };

/** What all nodes share, as one node sees it: reachable or not, and with changes that the test tells of. */
export class SharedDirectory extends MemoryRoomDirectory {
  override reachable = true;
  restored: string[] = [];
  tell!: (change: Change) => void;
  comeBack!: () => void;

  override onChange(listener?: (change: Change) => void): void {
    this.tell = listener!;
  }

  override onReturn(listener?: () => void): void {
    this.comeBack = listener!;
  }

  override async enter(room: string, claim: Claim, terms: Terms, settle: (entry: Entry) => void): Promise<void> {
    this.assertReachable();
    return super.enter(room, claim, terms, (entry) => settle({ ...entry, claims: new Map(entry.claims) }));
  }

  override async leave(room: string, claim: Claim, settle: (revision: number) => void): Promise<void> {
    this.assertReachable();
    return super.leave(room, claim, settle);
  }

  override async restore(room: string, node: string, claims: Claim[], settle: (roster: Roster) => void): Promise<void> {
    this.assertReachable();
    this.restored.push(room);
    return super.restore(room, node, claims, settle);
  }

  private assertReachable(): void {
    if (!this.reachable) throw new Error('no directory');
  }
}

class OtherNodes extends NodeBus {
  private readonly listeners: ((node: string) => Promise<void>)[] = [];

  constructor(private readonly here: string) {
    super();
  }

  member(id: string): Member | undefined {
    return id.startsWith(this.here) ? undefined : ({ id } as Member);
  }

  onGone(listener: (node: string) => Promise<void>): void {
    this.listeners.push(listener);
  }

  async gone(node: string): Promise<void> {
    for (const listener of this.listeners) await listener(node);
  }

  async retire(): Promise<void> {}
}

/** The rooms of one of several nodes; its room `x:1`, in which somebody of its own is at first. */
export class RegistryNode {
  readonly directory = new SharedDirectory();
  readonly members = new LocalMembers();
  readonly bus = new OtherNodes(this.members.node);
  readonly clock = new FakeClock();
  readonly rooms = new RoomRegistry(this.directory, this.members, this.clock, this.bus);
  /** What its protocol has been told. */
  readonly events: string[] = [];
  readonly farewells: (Farewell | undefined)[] = [];

  constructor() {
    this.rooms.observe('x:', {
      joined: (_room, place, { id }) => this.events.push(`${id} joined as ${place}`),
      left: (_room, place, { id }) => this.events.push(`${id} left ${place}`),
      resumed: ({ key }) => this.events.push(`${key} resumed`),
    });
  }

  /** A node with one member in its room, of which its protocol has been told. */
  static async inRoom(): Promise<{ node: RegistryNode; room: Room }> {
    const node = new RegistryNode();
    const room = await node.enter('A');
    node.events.length = 0;
    return { node, room };
  }

  /** Somebody of this node. */
  member(): Member {
    const made = {
      id: this.members.nextId(),
      evict: async (farewell?: Farewell) => void this.farewells.push(farewell),
    } as Member;
    this.members.add(made);
    return made;
  }

  async enter(place: string): Promise<Room> {
    const entrance = await this.rooms.enter('x:1', place, this.member());
    if (entrance.outcome !== 'entered') throw new Error(entrance.outcome);
    return entrance.room;
  }

  /** Another node does something, and this one is told. */
  async farEnters(claim: Claim, terms: Terms = {}): Promise<void> {
    const before = (await this.directory.look('x:1')).claims.get(terms.replacing ?? '');
    const left = before ? [before] : [];
    await this.directory.enter('x:1', claim, terms, ({ revision }) =>
      this.directory.tell({ room: 'x:1', revision, left, entered: [claim] }),
    );
  }

  async farLeaves(claim: Claim): Promise<void> {
    await this.directory.leave('x:1', claim, (revision) =>
      this.directory.tell({ room: 'x:1', revision, left: [claim], entered: [] }),
    );
  }
}

/** The places of a room, and which of them other nodes' members have. */
export function shown({ members, locals }: Room): string[] {
  return Array.from(members, ([place, member]) => `${place}${locals.has(member) ? '' : ' (far)'}`);
}
