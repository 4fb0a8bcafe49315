import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import type { Claim, Entry } from '../../src/core/rooms/room-directory.js';
import type { Room } from '../../src/core/rooms/room.js';
import { RoomRegistry } from '../../src/core/rooms/room-registry.js';
import { Contests, type Message } from '../../src/signaling/contests.js';
import { type Peer, ROOM_PREFIX } from '../../src/signaling/seat.js';
import { SignalingMetrics } from '../../src/signaling/signaling.metrics.js';
import { MemoryMailboxStore } from '../../src/storage/memory/memory-mailbox-store.js';
import { MemoryRoomDirectory } from '../../src/storage/memory/memory-room-directory.js';
import { FakeClock } from './fake-clock.js';
import { FakePeer, seatFor, settled } from './fake-peer.js';

/** A directory that answers when the test lets it: another node's clock, a slow network. */
class SlowDirectory extends MemoryRoomDirectory {
  hold: Promise<void> = Promise.resolve();

  override async enter(room: string, claim: Claim): Promise<Entry> {
    const entry = await super.enter(room, claim);
    await this.hold;
    return entry;
  }
}

/** Side A of a room, those who want it, and nothing else of the server. */
export class ContestSide {
  readonly clock = new FakeClock();
  readonly room = randomUUID();
  readonly contests: Contests;
  readonly metrics: SignalingMetrics;
  private readonly directory = new SlowDirectory();
  private readonly rooms = new RoomRegistry(this.directory, this.clock);
  /** What each newcomer was given when it got its side. */
  private readonly backlogs = new Map<FakePeer, Message[]>();

  constructor() {
    const mailboxes = new MemoryMailboxStore({ frames: 1, bytes: 1, totalBytes: 1, ttl: 1 });
    this.metrics = new SignalingMetrics(new Registry(), this.rooms, mailboxes);
    this.contests = new Contests(this.rooms, this.metrics, this.clock);
  }

  /** Somebody has the side already. */
  async holder({ spoke, side = 'A' }: { spoke: boolean; side?: 'A' | 'B' }): Promise<FakePeer> {
    const fake = this.peer(side);
    fake.spoke = spoke;
    fake.session.room = (await this.rooms.enter(fake.session.roomKey, side, fake.peer)) as Room<Peer>;
    return fake;
  }

  /** Somebody else wants it. */
  async newcomer(): Promise<FakePeer> {
    const fake = this.peer('A');
    this.contests.begin(fake.peer, (backlog) => this.backlogs.set(fake, backlog));
    await settled();
    return fake;
  }

  async says(newcomer: FakePeer, text: string, isHello = false): Promise<void> {
    newcomer.spoke = true;
    this.contests.receive(newcomer.peer, { data: Buffer.from(text), isBinary: false }, isHello);
    await settled();
  }

  /** The directory answers no more until the returned function is called. */
  stopDirectory(): () => void {
    let answer!: () => void;
    this.directory.hold = new Promise((resolve) => (answer = resolve));
    return answer;
  }

  /** Who has the side, as its room knows it. */
  get owner(): unknown {
    return this.rooms.get(ROOM_PREFIX + this.room)?.members.get('A');
  }

  seated(newcomer: FakePeer): Message[] | undefined {
    return this.backlogs.get(newcomer);
  }

  expectSeated(newcomer: FakePeer): void {
    expect(this.seated(newcomer)).toBeDefined();
    expect(this.owner).toBe(newcomer);
    expect(newcomer.session.room).toBe(this.rooms.get(ROOM_PREFIX + this.room));
    expect(newcomer.ended).toBe(false);
  }

  private peer(side: 'A' | 'B'): FakePeer {
    const fake = new FakePeer(seatFor(this.room, side));
    fake.onLeave = (peer) => this.left(peer);
    return fake;
  }

  /** What the protocol does when a socket ends. */
  private left(peer: Peer): void {
    const { room, roomKey, side } = peer.session;
    if (!room) return this.contests.abandon(peer);
    this.rooms.leave(room, side, peer);
    this.contests.vacated(roomKey, side);
  }
}
