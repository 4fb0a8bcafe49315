import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { CloseCode } from '../errors.js';
import type { Farewell, Frame, Member } from '../rooms/member.js';
import type { Endpoint } from './endpoint.js';
import type { Handshake } from './handshake.js';
import { Outbox } from './outbox.js';
import type { Transport } from './transport.js';

/**
 * One client's socket, from its admission to its end. It exists before the handshake is answered, so that peers can
 * reach it from the moment it has a place in a room: what is sent to it is held back, in order, until its first frame
 * arrives or {@link HOLD_MS} have passed. (Real clients attach their listener only after `open`; a frame that shares a
 * packet with the 101 would be lost on them.)
 */
export class Connection<Session = unknown> implements Member {
  /** What the protocol keeps for this socket; set by its handler in `admit`. */
  session!: Session;
  /** Whether a message of the client has been received. */
  spoke = false;
  /** Whether the peer has shown a sign of life since the last ping. */
  answered = true;
  /** When the oldest unanswered ping was sent, or else the last answered one, in ms since the epoch; 0 = none yet. */
  pingedAt = 0;
  /** The code with which the server closed; undefined when the client did. */
  closeCode: number | undefined;
  /** Messages received in the current second, kept by the frame-rate limit. */
  framesThisSecond = 0;
  secondEndsAt = 0;
  /** Its end has begun: nothing it still sends counts, and nothing is written to it any more. */
  ended = false;

  /** What the protocol has to undo when the socket ends is known only once its place has been claimed, or not. */
  private claiming = false;
  private ws: WebSocket | undefined;
  private outbox: Outbox | undefined;
  private held: Frame[] | undefined = [];
  private heldBytes = 0;
  private verdicts: ((alive: boolean) => void)[] | undefined;

  constructor(
    readonly id: string,
    readonly handshake: Handshake,
    readonly endpoint: Endpoint<Session>,
    private readonly transport: Transport,
  ) {}

  /** Whether what is sent is still held back. */
  get holding(): boolean {
    return this.held !== undefined;
  }

  /** Bytes that wait to be taken by the kernel. */
  get backlog(): number {
    return this.outbox?.backlog ?? 0;
  }

  /** Attaches the socket whose handshake has just been answered; closes it if the end came first. */
  open(ws: WebSocket, socket: Duplex): void {
    this.ws = ws;
    this.outbox = new Outbox(socket, ws, this.endpoint.binary);
    if (this.ended) ws.close(this.closeCode);
  }

  /**
   * Sends a message, together with all that is sent in this tick. A client that leaves more than WS_MAX_BUFFERED
   * unread is closed with 4000.
   * @param onWritten called when the message was handed to the kernel, or never will be
   */
  send(frame: Frame, onWritten?: () => void): void {
    if (this.ended) return onWritten?.();
    if (this.held !== undefined) return this.hold(frame, onWritten);
    const outbox = this.outbox!;
    if (outbox.backlog > this.transport.maxBuffered) {
      this.close(CloseCode.SlowReader, 'slow reader');
      return onWritten?.();
    }
    const bytes = typeof frame === 'string' ? Buffer.byteLength(frame) : frame.length;
    this.transport.stats.frameOut(bytes);
    outbox.add(frame, bytes, onWritten);
  }

  private hold(frame: Frame, onWritten?: () => void): void {
    this.heldBytes += frame.length;
    if (this.heldBytes > this.transport.maxBuffered) this.close(CloseCode.SlowReader, 'slow reader');
    else this.held!.push(frame);
    onWritten?.();
  }

  /** Ends the hold: writes what was held back. */
  release(): void {
    const held = this.held;
    if (held === undefined || this.ws === undefined) return;
    this.held = undefined;
    for (const frame of held) this.send(frame);
  }

  /** Stops reading from the socket until {@link resume}; what the client sends waits in the kernel. */
  pause(): void {
    this.ws?.pause();
  }

  resume(): void {
    this.ws?.resume();
  }

  ping(now: number): void {
    if (this.ended || this.ws === undefined) return;
    if (this.answered) this.pingedAt = now;
    this.answered = false;
    this.outbox!.flush();
    this.ws.ping();
  }

  /** Answers a ping of the client's. */
  pong(data: Buffer): void {
    if (!this.ended) this.outbox!.pong(data);
  }

  /** A message or pong has arrived: whoever doubted the peer learns that it lives. */
  signOfLife(): void {
    this.answered = true;
    if (this.verdicts !== undefined) this.settle(true);
  }

  challenge(): Promise<boolean> {
    if (this.ended || (this.ws !== undefined && this.ws.readyState !== this.ws.OPEN)) return Promise.resolve(false);
    if (this.ws === undefined || this.held !== undefined) return Promise.resolve(true); // has only just arrived
    if (this.verdicts === undefined) {
      this.verdicts = [];
      this.transport.challenged(this);
    }
    return new Promise((resolve) => this.verdicts!.push(resolve));
  }

  /** Ends a running {@link challenge}. */
  settle(alive: boolean): void {
    const verdicts = this.verdicts;
    this.verdicts = undefined;
    verdicts?.forEach((resolve) => resolve(alive));
  }

  note(note: string): void {
    if (!this.ended) this.endpoint.noted(this, note);
  }

  async evict(farewell?: Farewell): Promise<void> {
    if (farewell) return this.close(farewell.code, farewell.reason);
    this.leave();
    this.ws?.terminate();
  }

  async displaceSilent(): Promise<boolean> {
    if (this.spoke) return false;
    this.close(CloseCode.Displaced, 'displaced');
    return true;
  }

  /** Closes with a code. The protocol learns at once; the client has a moment to answer, then the socket is cut. */
  close(code: number, reason: string): void {
    if (this.ended) return;
    this.closeCode = code;
    this.leave();
    this.held = undefined;
    this.outbox?.flush();
    this.ws?.close(code, reason);
  }

  /** Its end begins, whoever started it; tells the protocol once. */
  leave(): void {
    if (this.ended) return;
    this.ended = true;
    this.settle(false);
    this.transport.members.delete(this);
    if (!this.claiming) this.endpoint.disconnected(this);
  }

  /** Takes its place. Whoever ends it meanwhile, from another node say, ends it once the place is its own, or another's. */
  async claim(): Promise<void> {
    this.claiming = true;
    try {
      await this.endpoint.claim(this);
    } finally {
      this.claiming = false;
      if (this.ended) this.endpoint.disconnected(this);
    }
  }
}
