import { Registry } from 'prom-client';
import { parseSettings } from '../../src/config/parse-settings.js';
import { LocalMembers } from '../../src/core/rooms/local-members.js';
import type { RoomDirectory } from '../../src/core/rooms/room-directory.js';
import { RoomRegistry } from '../../src/core/rooms/room-registry.js';
import { UnusableMessages } from '../../src/core/websocket/unusable-messages.js';
import { Announcements } from '../../src/named-rooms/announcements.js';
import { NamedRoomsMetrics } from '../../src/named-rooms/named-rooms.metrics.js';
import { NamedRoomsService } from '../../src/named-rooms/named-rooms.service.js';
import { Reception } from '../../src/named-rooms/reception.js';
import { Visit } from '../../src/named-rooms/visit.js';
import { MemoryRoomDirectory } from '../../src/storage/memory/memory-room-directory.js';
import { FakeClock } from './fake-clock.js';
import { FakePeer, settled } from './fake-peer.js';
import type { RoomKey } from './room-key.js';
import { type RoomFrame, rosterFrom, type RosterEntry } from './room-roster.js';

/** A client of named rooms without a network. */
export class FakeVisitor extends FakePeer<Visit> {
  frames(type: string): RoomFrame[] {
    return this.all.filter((frame) => frame.type === type);
  }

  /** The others, as its frames tell. */
  get roster(): Map<string, RosterEntry> | undefined {
    return rosterFrom(this.all);
  }

  private get all(): RoomFrame[] {
    return this.texts.map((text) => JSON.parse(text) as RoomFrame);
  }
}

/** Named rooms of one node, without a network; time passes when a test says so. */
export class RoomsNode {
  readonly clock = new FakeClock();
  readonly members = new LocalMembers();
  readonly rooms: RoomRegistry;
  readonly service: NamedRoomsService;

  constructor(environment: Record<string, string> = {}, directory: RoomDirectory = new MemoryRoomDirectory()) {
    const settings = parseSettings(environment);
    const { clock } = this;
    this.rooms = new RoomRegistry(directory, this.members, clock);
    const metrics = new NamedRoomsMetrics(new Registry(), this.rooms);
    const reception = new Reception(settings, this.rooms, metrics);
    const unusable = new UnusableMessages(settings, clock);
    this.service = new NamedRoomsService(settings, this.rooms, reception, unusable, metrics, clock);
    new Announcements(this.rooms).onModuleInit();
  }

  /** A client's socket opens. */
  connect(room: string): FakeVisitor {
    const visit = Visit.from({ path: '', params: { room }, query: new URLSearchParams(), address: '' });
    const visitor = new FakeVisitor(visit);
    visitor.onLeave = (peer) => {
      this.members.delete(peer);
      this.service.left(peer);
    };
    this.members.add(visitor.peer);
    this.service.opened(visitor.peer);
    return visitor;
  }

  /** A client that has registered, unproven. */
  async join(room: string, key: RoomKey): Promise<FakeVisitor> {
    const visitor = this.connect(room);
    this.register(visitor, key);
    await settled();
    return visitor;
  }

  register(visitor: FakeVisitor, key: RoomKey, more: object = {}): void {
    this.receive(visitor, Buffer.from(JSON.stringify({ type: 'register', publicKey: key.jwk, ...more })));
  }

  receive(visitor: FakeVisitor, data: Buffer): void {
    if (!visitor.ended) this.service.received(visitor.peer, data, false);
  }
}
