import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../clock.js';
import type { Member } from './member.js';
import { Room } from './room.js';
import { RoomDirectory } from './room-directory.js';

/** The rooms that have members on this node. One for all protocols: each gives its keys a prefix of its own. */
@Injectable()
export class RoomRegistry {
  private readonly logger = new Logger(RoomRegistry.name);
  private readonly rooms = new Map<string, Room>();
  private readonly node = randomUUID();

  constructor(
    private readonly directory: RoomDirectory,
    private readonly clock: Clock,
  ) {}

  get(key: string): Room | undefined {
    return this.rooms.get(key);
  }

  /** All rooms whose key begins with the prefix. */
  *withPrefix(prefix: string): Generator<Room> {
    for (const room of this.rooms.values()) if (room.key.startsWith(prefix)) yield room;
  }

  /**
   * Claims a place. From the moment this resolves, the others in the room reach the member.
   * @returns the room, or undefined when the place is held; its holder is then in {@link get}'s room.
   */
  async enter(key: string, place: string, member: Member): Promise<Room | undefined> {
    const { entered } = await this.directory.enter(key, { place, node: this.node, member: member.id });
    if (!entered) return undefined;
    const room = this.rooms.get(key) ?? new Room(key, this.clock.now());
    this.rooms.set(key, room);
    room.members.set(place, member);
    return room;
  }

  /** Gives the place back, at once on this node; nothing happens when the member does not hold it. */
  leave(room: Room, place: string, member: Member): void {
    if (room.members.get(place) !== member) return;
    room.members.delete(place);
    if (room.members.size === 0) this.rooms.delete(room.key);
    this.directory
      .leave(room.key, { place, node: this.node, member: member.id })
      .catch((error: unknown) => this.logger.error(error, 'a place could not be given back; its lease will end it'));
  }
}
