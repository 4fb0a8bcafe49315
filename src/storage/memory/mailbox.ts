import type { Mail } from '../../signaling/mailbox-store.js';

/** Acknowledged frames stay in the array until there are this many, so that dropping one does not move all others. */
const COMPACT_AT = 256;

/** The frames of one side, in order. */
export class Mailbox {
  /** The highest number given out. */
  last = 0;
  bytes = 0;
  expiresAt = 0;
  private mail: Mail[] = [];
  /** Where the oldest frame stands. */
  private head = 0;

  get size(): number {
    return this.mail.length - this.head;
  }

  push(mail: Omit<Mail, 'seq'>, bytes: number): number {
    this.mail.push({ seq: ++this.last, ...mail });
    this.bytes += bytes;
    return this.last;
  }

  /** The frames after `after`, oldest first, until `enough` says so. */
  after(after: number, enough: (taken: Mail[]) => boolean): Mail[] {
    const taken: Mail[] = [];
    const first = this.last - this.size + 1;
    for (let i = this.head + Math.max(0, after + 1 - first); i < this.mail.length && !enough(taken); i++) {
      taken.push(this.mail[i]!);
    }
    return taken;
  }

  /** Drops the oldest frames up to `upTo`, telling each. */
  drop(upTo: number, onDrop: (mail: Mail) => void): void {
    while (this.size > 0 && this.mail[this.head]!.seq <= upTo) onDrop(this.mail[this.head++]!);
    if (this.head < COMPACT_AT && this.size > 0) return;
    this.mail = this.mail.slice(this.head);
    this.head = 0;
  }

  /** Renumbers what is queued so that it follows `watermark`; returns by how much. */
  renumber(watermark: number): number {
    const by = watermark - (this.last - this.size);
    for (let i = this.head; i < this.mail.length; i++) this.mail[i]!.seq += by;
    this.last += by;
    return by;
  }
}
