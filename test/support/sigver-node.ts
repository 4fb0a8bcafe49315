import { setImmediate } from 'node:timers/promises';
import { Registry } from 'prom-client';
import type { Farewell, Frame } from '../../src/core/rooms/member.js';
import { LocalMembers } from '../../src/core/rooms/local-members.js';
import type { RoomDirectory } from '../../src/core/rooms/room-directory.js';
import { RoomRegistry } from '../../src/core/rooms/room-registry.js';
import { Bindings } from '../../src/sigver/bindings.js';
import { Heartbeats } from '../../src/sigver/heartbeats.js';
import { Joining } from '../../src/sigver/joining.js';
import { type Peer, Session } from '../../src/sigver/session.js';
import { SigverMetrics } from '../../src/sigver/sigver.metrics.js';
import { SigverService } from '../../src/sigver/sigver.service.js';
import { MemoryRoomDirectory } from '../../src/storage/memory/memory-room-directory.js';
import { FakeClock } from './fake-clock.js';
import { connectFrame } from './sigver-client.js';

/** A Sigver socket without a network: it remembers what is done to it. */
export class FakeSigverPeer {
  readonly sent: string[] = [];
  readonly notes: string[] = [];
  closed: Farewell | undefined;
  ended = false;
  paused = false;

  constructor(
    private readonly node: SigverNode,
    readonly id: string,
    readonly session: Session,
  ) {}

  get peer(): Peer {
    return this as unknown as Peer;
  }

  send(frame: Frame): void {
    if (!this.ended) this.sent.push(Buffer.from(frame as Buffer).toString('hex'));
  }

  note(note: string): void {
    if (this.ended) return;
    this.notes.push(note);
    this.node.service.noted(this.peer, note);
  }

  async evict(farewell?: Farewell): Promise<void> {
    this.close(farewell!.code, farewell!.reason);
  }

  close(code: number, reason: string): void {
    if (this.ended) return;
    this.closed = { code, reason };
    this.leave();
  }

  leave(): void {
    this.ended = true;
    this.node.members.delete(this.peer);
    this.node.service.left(this.peer);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  /** Its client sends these messages. */
  async says(...messages: Buffer[]): Promise<void> {
    for (const message of messages) this.node.service.received(this.peer, message, true);
    await setImmediate();
  }

  async connects(id: number, ...members: number[]): Promise<void> {
    await this.says(connectFrame(id, members));
  }
}

/** Sigver on one node, without a network; time passes when a test says so. */
export class SigverNode {
  readonly clock = new FakeClock();
  readonly members = new LocalMembers();
  readonly rooms: RoomRegistry;
  readonly metrics: SigverMetrics;
  readonly bindings: Bindings;
  readonly service: SigverService;

  constructor(directory: RoomDirectory = new MemoryRoomDirectory()) {
    this.rooms = new RoomRegistry(directory, this.members, this.clock);
    this.metrics = new SigverMetrics(new Registry(), this.rooms);
    this.bindings = new Bindings(this.rooms, this.metrics);
    const joining = new Joining(this.rooms, this.bindings, this.metrics);
    this.service = new SigverService(
      this.rooms,
      joining,
      this.bindings,
      new Heartbeats(this.clock, this.metrics),
      this.metrics,
    );
  }

  /** A client's socket opens. */
  open(key = 'key', query = ''): FakeSigverPeer {
    const handshake = { path: `/${key}`, params: { key }, query: new URLSearchParams(query), address: '' };
    const fake = new FakeSigverPeer(this, this.members.nextId(), Session.from(handshake));
    this.members.add(fake.peer);
    this.service.opened(fake.peer);
    return fake;
  }
}
