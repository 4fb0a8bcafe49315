import { nodeOf } from '../../core/rooms/member.js';
import { type Claim, type Entry, RoomDirectory, type Roster, type Terms } from '../../core/rooms/room-directory.js';

interface Record {
  revision: number;
  claims: Map<string, Claim>;
}

const NOBODY: Roster = { revision: 0, claims: new Map() };

function ignore(): void {}

/** Everything happens within the call, so the order of the calls is the order of the revisions. */
export class MemoryRoomDirectory extends RoomDirectory {
  readonly reachable: boolean = true;

  private readonly rooms = new Map<string, Record>();
  /** Where the numbers of the next room begin: above those of all rooms before it, as it may be one of them again. */
  private highest = 0;

  async enter(room: string, claim: Claim, terms: Terms, settle: (entry: Entry) => void): Promise<void> {
    const record = this.rooms.get(room) ?? { revision: 0, claims: new Map<string, Claim>() };
    const outcome = decide(record, claim, terms);
    if (outcome === 'entered') {
      record.revision = record.revision === 0 ? this.highest + 1 : record.revision + 1;
      this.highest = Math.max(this.highest, record.revision);
      if (terms.replacing !== undefined) record.claims.delete(terms.replacing);
      this.rooms.set(room, record);
      record.claims.set(claim.place, claim);
    }
    settle({ outcome, ...record });
  }

  async leave(room: string, { place, member }: Claim, settle: (revision: number) => void): Promise<void> {
    const record = this.rooms.get(room);
    if (record?.claims.get(place)?.member === member) {
      record.claims.delete(place);
      this.highest = Math.max(this.highest, ++record.revision);
      if (record.claims.size === 0) this.rooms.delete(room);
    }
    settle(record?.revision ?? 0);
  }

  async restore(room: string, node: string, claims: readonly Claim[], settle: (roster: Roster) => void): Promise<void> {
    const wanted = new Set(claims.map(({ member }) => member));
    for (const claim of [...(this.rooms.get(room)?.claims.values() ?? [])]) {
      if (nodeOf(claim.member) === node && !wanted.has(claim.member)) void this.leave(room, claim, ignore);
    }
    for (const claim of claims) {
      if (!this.rooms.get(room)?.claims.has(claim.place)) void this.enter(room, claim, {}, ignore);
    }
    settle(this.rooms.get(room) ?? NOBODY);
  }

  async look(room: string): Promise<Roster> {
    return this.rooms.get(room) ?? NOBODY;
  }

  /** Rooms live as long as their members. */
  async keep(): Promise<string[]> {
    return [];
  }

  /** There is no other node. */
  onChange(): void {}

  /** It is never away. */
  onReturn(): void {}
}

function decide({ revision, claims }: Record, claim: Claim, terms: Terms): Entry['outcome'] {
  if (terms.revision !== undefined && terms.revision !== revision) return 'changed';
  const { replacing, capacity = Infinity } = terms;
  const holder = claims.get(claim.place);
  const isReplaced = replacing !== undefined && claims.has(replacing);
  if (holder?.member === claim.member) return 'entered';
  if (holder && replacing !== claim.place) return 'held';
  return claims.size - (isReplaced ? 1 : 0) < capacity ? 'entered' : 'full';
}
