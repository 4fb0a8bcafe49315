import {
  type Box,
  BOX_OVERHEAD,
  FRAME_OVERHEAD,
  type Mail,
  type MailboxLimits,
  MailboxStore,
  READ_BYTES,
  READ_FRAMES,
} from '../../signaling/mailbox-store.js';
import type { Side } from '../../signaling/signaling.frames.js';
import { ExpiringMap } from './expiring-map.js';
import { Mailbox } from './mailbox.js';

/** Mail in the memory of this process, and lost with it. */
export class MemoryMailboxStore extends MailboxStore {
  private readonly boxes = new ExpiringMap<Mailbox>();
  private frames = 0;
  private bytes = 0;

  constructor(private readonly limits: MailboxLimits) {
    super();
  }

  async append(box: Box, from: Side, payload: string, now: number, above = 0): Promise<number | undefined> {
    const bytes = Buffer.byteLength(payload);
    const existing = this.boxes.get(key(box), now);
    const mailbox = existing ?? new Mailbox();
    if (mailbox.size >= this.limits.frames || mailbox.bytes + bytes > this.limits.bytes) return undefined;
    if (!this.hasRoomFor(bytes + FRAME_OVERHEAD + (existing ? 0 : BOX_OVERHEAD))) return undefined;
    if (!existing) this.replace(key(box), mailbox);
    if (above > mailbox.last) mailbox.renumber(above);
    mailbox.expiresAt = now + this.limits.ttl;
    this.frames++;
    this.bytes += bytes;
    return mailbox.push({ from, payload }, bytes);
  }

  async read(box: Box, after: number, now: number): Promise<{ mail: Mail[]; last: number }> {
    const mailbox = this.boxes.get(key(box), now);
    if (!mailbox) return { mail: [], last: 0 };
    let bytes = 0;
    const mail = mailbox.after(after, (taken) => {
      bytes += taken.at(-1)?.payload.length ?? 0;
      return taken.length >= READ_FRAMES || bytes >= READ_BYTES;
    });
    return { mail, last: mailbox.last };
  }

  async acknowledge(box: Box, upTo: number, now: number): Promise<void> {
    const mailbox = this.boxes.get(key(box), now);
    if (mailbox && upTo <= mailbox.last) this.drop(mailbox, upTo);
  }

  async resume(box: Box, watermark: number, now: number): Promise<number> {
    const mailbox = this.boxes.get(key(box), now);
    if (!mailbox) return this.begin(key(box), watermark, now);
    if (watermark > mailbox.last) return mailbox.renumber(watermark);
    this.drop(mailbox, watermark);
    return 0;
  }

  async touch(rooms: Iterable<string>, now: number): Promise<void> {
    for (const room of rooms) {
      for (const side of ['A', 'B'] as const) {
        const mailbox = this.boxes.get(key({ room, side }), now);
        if (mailbox) mailbox.expiresAt = now + this.limits.ttl;
      }
    }
  }

  async depth(): Promise<{ frames: number; bytes: number }> {
    return { frames: this.frames, bytes: this.bytes };
  }

  async expire(now: number): Promise<number> {
    return this.boxes.expire(now, (_, mailbox) => this.drop(mailbox, mailbox.last));
  }

  /** Remembers where a reader stands for whose box there was no record. */
  private begin(boxKey: string, watermark: number, now: number): number {
    if (watermark === 0 || !this.hasRoomFor(BOX_OVERHEAD)) return 0;
    const mailbox = new Mailbox();
    mailbox.last = watermark;
    mailbox.expiresAt = now + this.limits.ttl;
    this.replace(boxKey, mailbox);
    return 0;
  }

  private hasRoomFor(bytes: number): boolean {
    const taken = this.bytes + this.frames * FRAME_OVERHEAD + this.boxes.size * BOX_OVERHEAD;
    return taken + bytes <= this.limits.totalBytes;
  }

  /** A box that has ended but was not swept yet must give its bytes back when its key is used again. */
  private replace(boxKey: string, mailbox: Mailbox): void {
    const ended = this.boxes.take(boxKey);
    if (ended) this.drop(ended, ended.last);
    this.boxes.set(boxKey, mailbox);
  }

  private drop(mailbox: Mailbox, upTo: number): void {
    mailbox.drop(upTo, ({ payload }) => {
      const bytes = Buffer.byteLength(payload);
      mailbox.bytes -= bytes;
      this.bytes -= bytes;
      this.frames--;
    });
  }
}

function key({ room, side }: Box): string {
  return `${room} ${side}`;
}
