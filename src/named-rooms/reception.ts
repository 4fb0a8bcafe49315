import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { CloseCode } from '../core/errors.js';
import type { Room } from '../core/rooms/room.js';
import { RoomRegistry } from '../core/rooms/room-registry.js';
import type { Identity } from './identity.js';
import { RoomError } from './named-rooms.errors.js';
import { cardOf, isVerified } from './named-rooms.frames.js';
import { NamedRoomsMetrics } from './named-rooms.metrics.js';
import type { Visitor } from './visit.js';

/** Tries to enter: each time a holder has made way, another newcomer with the same key may be faster. */
const MAX_TRIES = 5;

/**
 * Lets visitors into their room, under the id of their key. When somebody holds that id, one who proved the key takes it
 * from one who did not; any other holder keeps it while it answers a ping.
 */
@Injectable()
export class Reception {
  private readonly capacity: number;

  constructor(
    settings: Settings,
    private readonly rooms: RoomRegistry,
    private readonly metrics: NamedRoomsMetrics,
  ) {
    this.capacity = settings.roomsMaxPeers;
  }

  /** @throws RoomError `room_full` or `id_in_use`; anything else when nobody can say who is in the room. */
  async enter(visitor: Visitor, { fingerprint, jwk }: Identity, isProven: boolean): Promise<Room> {
    const { roomKey } = visitor.session;
    const entering = { card: cardOf(jwk, isProven), capacity: this.capacity };
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const entrance = await this.rooms.enter(roomKey, fingerprint, visitor, entering);
      if (entrance.outcome === 'entered') return entrance.room;
      if (entrance.outcome === 'full') throw new RoomError('room_full');
      if (!(await this.makesWay(roomKey, fingerprint, isProven))) break;
    }
    throw new RoomError('id_in_use');
  }

  /** Whether the id may be free now. */
  private async makesWay(roomKey: string, id: string, forProven: boolean): Promise<boolean> {
    const { claims } = await this.rooms.look(roomKey);
    const claim = claims.get(id);
    const holder = await this.rooms.holder(roomKey, id);
    if (!claim || holder?.id !== claim.member) return true; // somebody else than a moment ago, or nobody
    if (forProven && !isVerified(claim.card)) {
      this.metrics.displaced.add('unproven');
      await holder.evict({ code: CloseCode.Displaced, reason: 'displaced' });
      return true;
    }
    if (await holder.challenge()) return false;
    this.metrics.displaced.add('dead');
    await holder.evict();
    return true;
  }
}
