import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { LocalMembers } from '../../src/core/rooms/local-members.js';
import type { Claim, Entry, Terms } from '../../src/core/rooms/room-directory.js';
import { RoomRegistry } from '../../src/core/rooms/room-registry.js';
import { Contests } from '../../src/signaling/contests.js';
import { type Peer, ROOM_PREFIX } from '../../src/signaling/seat.js';
import { SignalingMetrics } from '../../src/signaling/signaling.metrics.js';
import { MemoryMailboxStore } from '../../src/storage/memory/memory-mailbox-store.js';
import { MemoryRoomDirectory } from '../../src/storage/memory/memory-room-directory.js';
import { FakeClock } from './fake-clock.js';
import { FakePeer, seatFor, settled } from './fake-peer.js';

/** A directory that answers when the test lets it: another node's clock, a slow network. */
class SlowDirectory extends MemoryRoomDirectory {
  hold: Promise<void> = Promise.resolve();

  override async enter(room: string, claim: Claim, terms: Terms, settle: (entry: Entry) => void): Promise<void> {
    let answer!: Entry;
    await super.enter(room, claim, terms, (entry) => (answer = { ...entry, claims: new Map(entry.claims) }));
    await this.hold;
    settle(answer);
  }
}

/** Side A of a room, those who want it, and nothing else of the server. */
export class ContestSide {
  readonly clock = new FakeClock();
  readonly room = randomUUID();
  readonly contests: Contests;
  readonly metrics: SignalingMetrics;
  private readonly directory = new SlowDirectory();
  private readonly members = new LocalMembers();
  private readonly rooms = new RoomRegistry(this.directory, this.members, this.clock);
  /** What each newcomer was given when it got its side. */
  private readonly backlogs = new Map<FakePeer, string[]>();

  constructor() {
    const mailboxes = new MemoryMailboxStore({ frames: 1, bytes: 1, totalBytes: 1, ttl: 1 });
    this.metrics = new SignalingMetrics(new Registry(), this.rooms, mailboxes);
    this.contests = new Contests(this.rooms, this.metrics, this.clock);
  }

  /** Somebody has the side already. */
  async holder({ spoke, side = 'A' }: { spoke: boolean; side?: 'A' | 'B' }): Promise<FakePeer> {
    const fake = this.peer(side);
    fake.spoke = spoke;
    const entrance = await this.rooms.enter(fake.session.roomKey, side, fake.peer);
    if (entrance.outcome === 'entered') fake.session.seated(entrance);
    return fake;
  }

  /** Somebody else wants it. */
  async newcomer(): Promise<FakePeer> {
    const fake = this.peer('A');
    this.contests.begin(fake.peer, (backlog) => {
      const messages: string[] = [];
      backlog.replay((data) => messages.push(String(data)));
      this.backlogs.set(fake, messages);
    });
    await settled();
    return fake;
  }

  async says(newcomer: FakePeer, text: string, isHello = false): Promise<void> {
    newcomer.spoke = true;
    this.contests.receive(newcomer.peer, Buffer.from(text), false, isHello);
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

  seated(newcomer: FakePeer): string[] | undefined {
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
    this.members.add(fake.peer);
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
