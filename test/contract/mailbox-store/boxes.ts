import { randomUUID } from 'node:crypto';
import type { Box, Mail, MailboxLimits, MailboxStore } from '../../../src/signaling/mailbox-store.js';
import type { Side } from '../../../src/signaling/signaling.frames.js';
import { LONG, type Subject } from '../subject.js';

export type CreateMailboxes = (limits: MailboxLimits) => Promise<Subject<MailboxStore>>;

const PLENTY: MailboxLimits = {
  frames: 10_000,
  bytes: 16 * 1024 * 1024,
  totalBytes: 1024 * 1024 * 1024,
  ttl: LONG,
};

/** A payload that tells which it was. */
export const text = (i: number): string => JSON.stringify(`frame ${i}`);

/** One adapter's mailboxes, in few words. */
export class Boxes {
  private constructor(private readonly subject: Subject<MailboxStore>) {}

  static async of(create: CreateMailboxes, limits: Partial<MailboxLimits> = {}): Promise<Boxes> {
    return new Boxes(await create({ ...PLENTY, ...limits }));
  }

  get store(): MailboxStore {
    return this.subject.store;
  }

  newBox(side: Side = 'B'): Box {
    return { room: randomUUID(), side };
  }

  append(box: Box, payload: string, from: Side = 'A'): Promise<number | undefined> {
    return this.store.append(box, from, payload, this.subject.now());
  }

  /** Appends so many frames and returns their box. */
  async filled(count: number, box = this.newBox()): Promise<Box> {
    for (let i = 1; i <= count; i++) await this.append(box, text(i));
    return box;
  }

  read(box: Box, after = 0): Promise<{ mail: Mail[]; last: number }> {
    return this.store.read(box, after, this.subject.now());
  }

  /** The numbers of all frames after `after`, read bit by bit. */
  async numbers(box: Box, after = 0): Promise<number[]> {
    return (await this.all(box, after)).map(({ seq }) => seq);
  }

  async all(box: Box, after = 0): Promise<Mail[]> {
    const all: Mail[] = [];
    for (;;) {
      const { mail } = await this.read(box, all.at(-1)?.seq ?? after);
      if (mail.length === 0) return all;
      all.push(...mail);
    }
  }

  acknowledge(box: Box, upTo: number): Promise<void> {
    return this.store.acknowledge(box, upTo, this.subject.now());
  }

  resume(box: Box, watermark: number): Promise<number> {
    return this.store.resume(box, watermark, this.subject.now());
  }

  touch(...boxes: Box[]): Promise<void> {
    return this.store.touch(new Set(boxes.map(({ room }) => room)), this.subject.now());
  }

  expire(): Promise<number> {
    return this.store.expire(this.subject.now());
  }

  depth(): Promise<{ frames: number; bytes: number }> {
    return this.store.depth();
  }

  pass(ms: number): Promise<void> {
    return this.subject.pass(ms);
  }

  close(): Promise<void> {
    return this.subject.close();
  }
}
