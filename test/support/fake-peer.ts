import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Farewell, Frame } from '../../src/core/rooms/member.js';
import type { Connection } from '../../src/core/websocket/connection.js';
import { Seat } from '../../src/signaling/seat.js';

/** What `Upgrades` does: asks the protocol for a seat, in the words of a URL. */
export function seatFor(room: string, side: 'A' | 'B', query: Record<string, string> = {}): Seat {
  return Seat.from({
    path: '/ws',
    params: {},
    address: '',
    query: new URLSearchParams({ appID: room, side, ...query }),
  });
}

/** A socket without a network: it remembers what is done to it. */
export class FakePeer<Session = Seat> {
  readonly id = randomUUID();
  readonly sent: Frame[] = [];
  /** What the server closed it with. */
  closed: { code: number; reason: string } | undefined;
  evicted = false;
  ended = false;
  spoke = false;
  holding = false;
  paused = false;
  /** Bytes that the network does not take; while there are any, frames are written when {@link drain} is called. */
  backlog = 0;
  challenges = 0;
  /** The answer to a challenge: a live peer's pong, or nothing until it is given up. */
  verdict: Promise<boolean> = Promise.resolve(true);
  /** What the protocol does when a socket ends. */
  onLeave: (peer: Connection<Session>) => void = () => {};
  /** What the protocol does with a note. */
  onNote: (peer: Connection<Session>, note: string) => void = () => {};
  private waiting: (() => void)[] = [];

  constructor(readonly session: Session) {}

  get peer(): Connection<Session> {
    return this as unknown as Connection<Session>;
  }

  /** The text messages this client has got. */
  get texts(): string[] {
    return this.sent.map(String);
  }

  send(frame: Frame, onWritten?: () => void): void {
    if (!this.ended) this.sent.push(frame);
    if (!onWritten) return;
    if (this.backlog > 0 && !this.ended) this.waiting.push(onWritten);
    else onWritten();
  }

  /** The network takes what waits. */
  drain(): void {
    const written = this.waiting;
    this.waiting = [];
    for (const each of written) each();
  }

  note(note: string): void {
    if (!this.ended) this.onNote(this.peer, note);
  }

  async challenge(): Promise<boolean> {
    this.challenges++;
    return this.verdict;
  }

  async evict(farewell?: Farewell): Promise<void> {
    this.evicted = true;
    if (farewell) return this.close(farewell.code, farewell.reason);
    this.leave();
  }

  async displaceSilent(): Promise<boolean> {
    if (!this.spoke) this.close(4500, 'displaced');
    return !this.spoke;
  }

  close(code: number, reason: string): void {
    if (this.ended) return;
    this.closed = { code, reason };
    this.leave();
  }

  /** Its end, whoever began it. */
  leave(): void {
    if (this.ended) return;
    this.ended = true;
    this.onLeave(this.peer);
    this.drain();
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }
}

/** Everything that is already on its way has happened: promises have settled, though no time has passed. */
export async function settled(): Promise<void> {
  await setImmediate();
}
