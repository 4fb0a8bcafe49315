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
import { KEY_PREFIX, type RedisLink } from './redis-link.js';

/** The ledger of all boxes: when they end, and what they hold. Its own hash tag: both halves change in one step. */
const LEDGER = [`${KEY_PREFIX}{mail}:ends`, `${KEY_PREFIX}{mail}:held`];

/** Ended boxes that one step strikes out: the server does nothing else meanwhile. */
const SWEEP = 500;

/** Boxes that are touched at once: each is a command that waits in memory for its answer. */
const TOUCH = 500;

/** Mail of all nodes together; `lua/mailbox.lua` says how it is kept. */
export class RedisMailboxStore extends MailboxStore {
  private readonly appendMail;
  private readonly readMail;
  private readonly acknowledgeMail;
  private readonly resumeMail;
  private readonly touchMail;
  private readonly sweepMail;

  constructor(
    private readonly link: RedisLink,
    private readonly limits: MailboxLimits,
  ) {
    super();
    this.appendMail = link.script('mailbox', 'append-mail');
    this.readMail = link.script('read-mail');
    this.acknowledgeMail = link.script('mailbox', 'acknowledge-mail');
    this.resumeMail = link.script('mailbox', 'resume-mail');
    this.touchMail = link.script('mailbox', 'touch-mail');
    this.sweepMail = link.script('sweep-mail');
  }

  async append(box: Box, from: Side, payload: string, _now: number, above = 0): Promise<number | undefined> {
    const { frames, bytes, totalBytes } = this.limits;
    const quota = [frames, bytes, totalBytes, FRAME_OVERHEAD, BOX_OVERHEAD];
    const seq = await this.appendMail(keys(box), ...this.of(box), from + payload, above, ...quota);
    return (seq as number | null) ?? undefined;
  }

  async read(box: Box, after: number): Promise<{ mail: Mail[]; last: number }> {
    const reply = await this.readMail(keys(box).slice(0, 2), after, READ_FRAMES, READ_BYTES);
    const [last, first, ...frames] = reply as [number, number, ...string[]];
    const mail = frames.map((frame, i) => ({ seq: first + i, from: frame[0] as Side, payload: frame.slice(1) }));
    return { mail, last };
  }

  async acknowledge(box: Box, upTo: number): Promise<void> {
    await this.acknowledgeMail(keys(box), ...this.of(box), upTo);
  }

  async resume(box: Box, watermark: number): Promise<number> {
    const quota = [this.limits.totalBytes, FRAME_OVERHEAD, BOX_OVERHEAD];
    return (await this.resumeMail(keys(box), ...this.of(box), watermark, ...quota)) as number;
  }

  async touch(rooms: Iterable<string>): Promise<void> {
    const boxes = Array.from(rooms).flatMap((room) => [{ room, side: 'A' } as const, { room, side: 'B' } as const]);
    for (let i = 0; i < boxes.length; i += TOUCH) {
      await Promise.all(boxes.slice(i, i + TOUCH).map((box) => this.touchMail(keys(box), ...this.of(box))));
    }
  }

  async depth(): Promise<{ frames: number; bytes: number }> {
    const [frames, bytes] = await this.link.command((redis) => redis.hmget(LEDGER[1]!, '*frames', '*bytes'));
    return { frames: Number(frames), bytes: Number(bytes) };
  }

  async expire(): Promise<number> {
    let total = 0;
    for (;;) {
      const ended = (await this.sweepMail(LEDGER, SWEEP)) as number;
      total += ended;
      if (ended < SWEEP) return total;
    }
  }

  /** What every script of `mailbox.lua` is told about its box. */
  private of({ room, side }: Box): [string, number] {
    return [`${room} ${side}`, this.limits.ttl];
  }
}

/** The keys of one box: those of a room share a hash tag. */
function keys({ room, side }: Box): string[] {
  const box = `${KEY_PREFIX}{${room}}:mail:${side}`;
  return [box, `${box}:frames`, ...LEDGER];
}
