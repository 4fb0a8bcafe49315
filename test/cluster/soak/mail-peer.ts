import { mailTo } from '../../e2e/signaling/mail.js';
import type { Side } from '../../e2e/signaling/peers.js';
import type { WsClient } from '../../support/ws-client.js';
import type { Random } from './random.js';
import { Visitor } from './visitor.js';

/** Not every frame is acknowledged at once: what was not is what the server has to hold back by the watermark alone. */
const ACKNOWLEDGED = 0.6;

const LARGEST_BATCH = 5;

/** One side of a room that sends mail 1, 2, 3 … to the other and takes what comes, on one socket after another. */
export class MailPeer {
  readonly visitor: Visitor;
  /** Payloads that came, in order. */
  readonly received: number[] = [];
  /** What came and must not have, or not then. */
  readonly wrong: string[] = [];
  /** Number of the last frame that was sent: its payload. */
  sent = 0;
  /** How often it was told that a frame was not stored, or that nobody knows. */
  unavailable = 0;
  /** Number of the last mail that came. */
  private watermark = 0;

  constructor(
    nodes: readonly { ws: string }[],
    readonly room: string,
    readonly side: Side,
    private readonly random: Random,
  ) {
    this.visitor = new Visitor(nodes, `/ws?appID=${room}&side=${side}&sid=&errors=1`, random.fork(), {
      arrived: (socket) => socket.send({ type: 'hello', sessionId: 's', deliveredUpTo: this.watermark }),
      heard: (text, socket) => this.heard(text, socket),
    });
  }

  /** Sends some frames, each once: who sends into a socket that ends does not know whether they were stored. */
  talk(): void {
    const socket = this.visitor.open;
    for (let more = this.random.between(1, LARGEST_BATCH); socket && more > 0; more--) {
      socket.send(mailTo(this.side === 'A' ? 'B' : 'A', `${++this.sent}`));
    }
  }

  private heard(text: string, socket: WsClient): void {
    const { type, seq, payload, code } = JSON.parse(text) as {
      type: string;
      seq: number;
      payload: number;
      code?: string;
    };
    if (type === 'error') {
      this.unavailable++;
      if (code !== 'unavailable') this.wrong.push(text);
    }
    if (type !== 'deliver' || socket !== this.visitor.socket) return;
    if (seq !== this.watermark + 1) this.wrong.push(`number ${seq} after ${this.watermark}: ${text}`);
    this.watermark = seq;
    const last = this.received.at(-1) ?? 0;
    if (payload <= last) this.wrong.push(`payload ${payload} after ${last}`);
    this.received.push(payload);
    if (this.random.chance(ACKNOWLEDGED)) socket.send({ type: 'delivered', upTo: seq });
  }
}
