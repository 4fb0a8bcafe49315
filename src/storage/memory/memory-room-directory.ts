import { Injectable } from '@nestjs/common';
import { type Claim, type Entry, RoomDirectory } from '../../core/rooms/room-directory.js';

@Injectable()
export class MemoryRoomDirectory extends RoomDirectory {
  private readonly rooms = new Map<string, Map<string, Claim>>();

  async enter(room: string, claim: Claim): Promise<Entry> {
    const claims = this.rooms.get(room) ?? new Map<string, Claim>();
    const holder = claims.get(claim.place);
    const entered = holder === undefined || holder.member === claim.member;
    if (entered) this.rooms.set(room, claims.set(claim.place, claim));
    return { entered, others: [...claims.values()].filter((other) => other.member !== claim.member) };
  }

  async leave(room: string, { place, member }: Claim): Promise<void> {
    const claims = this.rooms.get(room);
    if (claims?.get(place)?.member !== member) return;
    claims.delete(place);
    if (claims.size === 0) this.rooms.delete(room);
  }
}
