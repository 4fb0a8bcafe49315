import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { eventually } from '../../support/eventually.js';
import { expectBusy } from '../fault-rooms.js';
import { PATIENCE } from '../two-nodes.js';
import { MailPeer } from './mail-peer.js';
import type { Random } from './random.js';

/** How long a peer is silent between two batches, in ms: bounds the load. */
const SILENCE_MS = { least: 100, most: 400 };

/** A room whose two sides send each other mail for as long as they are told to, and who looks into Redis meanwhile. */
export class MailRoom {
  readonly id = randomUUID();
  readonly peers: readonly [MailPeer, MailPeer];
  /** Per reader: payloads that were seen in its box. */
  private readonly seen = [new Set<number>(), new Set<number>()];

  constructor(
    private readonly nodes: readonly { ws: string }[],
    private readonly redis: Redis,
    private readonly random: Random,
  ) {
    this.peers = [new MailPeer(nodes, this.id, 'A', random.fork()), new MailPeer(nodes, this.id, 'B', random.fork())];
    for (const { visitor } of this.peers) visitor.begin();
  }

  /** Both change their node, at once. */
  swap(): void {
    for (const { visitor } of this.peers) visitor.move();
  }

  /** Mail both ways until then. @param until ms since the epoch */
  async talk(until: number): Promise<void> {
    while (Date.now() < until) {
      for (const peer of this.peers) if (this.random.chance(0.7)) peer.talk();
      await delay(this.random.between(SILENCE_MS.least, SILENCE_MS.most));
    }
  }

  /** Notes what is stored now. */
  async look(): Promise<void> {
    for (const [i, { side }] of this.peers.entries()) {
      const frames = await this.redis.lrange(`${this.box(side)}:frames`, 0, -1);
      for (const frame of frames) this.seen[i]!.add(Number(frame.slice(1)));
    }
  }

  /** When all is healed: new mail comes through, and of all that was ever stored nothing is missing, double or misplaced. */
  async verify(): Promise<void> {
    await Promise.all([this.verifyMail(0, 1), this.verifyMail(1, 0)]);
    for (const node of this.nodes) await eventually(() => expectBusy(node, this.id), PATIENCE);
  }

  private async verifyMail(from: 0 | 1, to: 0 | 1): Promise<void> {
    const [sender, reader] = [this.peers[from], this.peers[to]];
    const first = sender.sent + 1;
    await eventually(
      () => {
        sender.talk();
        expect(reader.received.at(-1)).toBeGreaterThanOrEqual(first);
      },
      { ...PATIENCE, interval: 200 },
    );
    await eventually(async () => expect(reader.received).toHaveLength(await this.stored(reader)), PATIENCE);
    expect(reader.wrong).toEqual([]);
    const received = new Set(reader.received);
    expect([...this.seen[to]!].filter((payload) => !received.has(payload))).toEqual([]);
  }

  /** How many frames have ever been stored for it: each got the next number. */
  private async stored(reader: MailPeer): Promise<number> {
    return Number(await this.redis.hget(this.box(reader.side), 'last'));
  }

  private box(side: string): string {
    return `signalbox:{${this.id}}:mail:${side}`;
  }
}
