import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Member } from '../core/rooms/member.js';
import type { Room, RoomObserver } from '../core/rooms/room.js';
import { RoomRegistry } from '../core/rooms/room-registry.js';
import { peerJoinedFrame, peerLeftFrame, welcomeFrame } from './named-rooms.frames.js';
import { ROOM_PREFIX } from './visit.js';

/**
 * Tells this node's members of a room who comes and goes, wherever those are. It happens within the change itself, so
 * that everybody's `welcome` and what follows it are one gapless history, and nobody is announced before its welcome.
 */
@Injectable()
export class Announcements implements RoomObserver, OnModuleInit {
  constructor(private readonly rooms: RoomRegistry) {}

  onModuleInit(): void {
    this.rooms.observe(ROOM_PREFIX, this);
  }

  joined(room: Room, id: string, member: Member): void {
    if (room.locals.has(member)) member.send(welcomeFrame(id, room.cards));
    tell(room, peerJoinedFrame(id, room.cards.get(id)!), member);
  }

  left(room: Room, id: string): void {
    tell(room, peerLeftFrame(id));
  }
}

/** To all of this node's members, in one buffer for all. */
function tell(room: Room, frame: string, except?: Member): void {
  const bytes = Buffer.from(frame);
  for (const member of room.locals) if (member !== except) member.send(bytes);
}
