import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { parseSettings } from '../../src/config/parse-settings.js';
import { LocalMembers } from '../../src/core/rooms/local-members.js';
import { RoomRegistry } from '../../src/core/rooms/room-registry.js';
import { UnusableMessages } from '../../src/core/websocket/unusable-messages.js';
import { Contests } from '../../src/signaling/contests.js';
import { MailboxService } from '../../src/signaling/mailbox.service.js';
import type { MailboxLimits, MailboxStore } from '../../src/signaling/mailbox-store.js';
import { SignalingMetrics } from '../../src/signaling/signaling.metrics.js';
import { SignalingService } from '../../src/signaling/signaling.service.js';
import { MemoryMailboxStore } from '../../src/storage/memory/memory-mailbox-store.js';
import { MemoryRoomDirectory } from '../../src/storage/memory/memory-room-directory.js';
import { FakeClock } from './fake-clock.js';
import { FakePeer, seatFor, settled } from './fake-peer.js';

interface Joining {
  room?: string;
  query?: Record<string, string>;
}

/** The signaling protocol of one node, without a network; time passes when a test says so. */
export class SignalingNode {
  readonly clock = new FakeClock();
  readonly room = randomUUID();
  readonly store: MailboxStore;
  readonly members = new LocalMembers();
  readonly rooms = new RoomRegistry(new MemoryRoomDirectory(), this.members, this.clock);
  readonly metrics: SignalingMetrics;
  readonly mailbox: MailboxService;
  readonly service: SignalingService;
  private readonly registry = new Registry();

  constructor(environment: Record<string, string> = {}, storeWith: (limits: MailboxLimits) => MailboxStore = inMemory) {
    const settings = parseSettings(environment);
    const { mailboxMaxFrames: frames, mailboxMaxBytes: bytes, mailboxTotalBytes: totalBytes, roomTtl: ttl } = settings;
    const { rooms, clock } = this;
    this.store = storeWith({ frames, bytes, totalBytes, ttl });
    this.metrics = new SignalingMetrics(this.registry, rooms, this.store);
    this.mailbox = new MailboxService(settings, this.store, rooms, clock, this.metrics);
    const contests = new Contests(rooms, this.metrics, clock);
    const unusable = new UnusableMessages(settings, clock);
    this.service = new SignalingService(rooms, contests, this.mailbox, this.metrics, unusable, clock);
    this.mailbox.onModuleInit();
  }

  /** A client connects: its side is claimed, its socket opens, its hold is over. */
  async join(side: 'A' | 'B', { room = this.room, query = {} }: Joining = {}): Promise<FakePeer> {
    const fake = new FakePeer(seatFor(room, side, query));
    fake.onLeave = (peer) => this.service.left(peer);
    fake.onNote = (peer, note) => this.service.noted(peer, note);
    this.members.add(fake.peer);
    await this.service.claim(fake.peer);
    this.service.opened(fake.peer);
    this.service.released(fake.peer);
    await settled();
    return fake;
  }

  receive(from: FakePeer, frame: string | Buffer, isBinary = false): void {
    from.spoke = true;
    this.service.received(from.peer, typeof frame === 'string' ? Buffer.from(frame) : frame, isBinary);
  }

  scrape(): Promise<string> {
    return this.registry.metrics();
  }
}

function inMemory(limits: MailboxLimits): MailboxStore {
  return new MemoryMailboxStore(limits);
}
