import { Expirable } from '../core/expirable.js';
import type { Side } from './signaling.frames.js';

/** One side's mailbox in a room. */
export interface Box {
  room: string;
  side: Side;
}

/** A frame in a mailbox. */
export interface Mail {
  seq: number;
  from: Side;
  /** JSON text as its sender wrote it. */
  payload: string;
}

/** Bounds of one box and of all together; the newest is refused, never the oldest dropped. */
export interface MailboxLimits {
  frames: number;
  /** Payload bytes of one box. */
  bytes: number;
  /** Bytes of all boxes together, with {@link FRAME_OVERHEAD} and {@link BOX_OVERHEAD} added. */
  totalBytes: number;
  /** How long a box is kept after it was last touched, in ms. */
  ttl: number;
}

/** What a stored frame and a box are counted as beyond the payload, so that a flood of tiny ones is bounded as well. */
export const FRAME_OVERHEAD = 64;
export const BOX_OVERHEAD = 512;

/** Most frames, and about the most payload bytes, that one {@link MailboxStore.read} hands out. */
export const READ_FRAMES = 128;
export const READ_BYTES = 256 * 1024;

/**
 * Port: mail that waits for a side. Frames of a box are numbered from 1 without gaps, in the order in which they were
 * appended. Every method is atomic. A box that is not touched for its time to live is gone, numbering included.
 */
export abstract class MailboxStore extends Expirable {
  readonly records = 'mailboxes';

  /**
   * Stores a frame; it survives what the store survives once this resolves.
   * @param above what the reader has seen, where that is known: the frame is numbered above, and what is queued below
   *   (the store was lost) is renumbered first
   * @returns its number; undefined = refused, a quota is used up
   */
  abstract append(box: Box, from: Side, payload: string, now: number, above?: number): Promise<number | undefined>;

  /** The oldest frames after `after`, in order, at least one if there is any; and the highest number ever given out. */
  abstract read(box: Box, after: number, now: number): Promise<{ mail: Mail[]; last: number }>;

  /** Drops the frames up to `upTo`; does nothing when that is above the highest number given out. */
  abstract acknowledge(box: Box, upTo: number, now: number): Promise<void>;

  /**
   * A reader says that it has everything up to `watermark`. One that the box has given out acknowledges; one above (the
   * store was lost, the box expired) drops nothing: what is queued is renumbered to follow the watermark, and so is what
   * comes later. A box is made for that where there is none, unless the total is used up.
   * @returns by how much the numbers of queued frames have moved
   */
  abstract resume(box: Box, watermark: number, now: number): Promise<number>;

  /** Keeps both boxes of each room for another time to live. */
  abstract touch(rooms: Iterable<string>, now: number): Promise<void>;

  /** Frames and payload bytes stored, for the metrics. */
  abstract depth(): Promise<{ frames: number; bytes: number }>;
}
