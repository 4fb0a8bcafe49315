import type { NatsConnection } from '@nats-io/transport-node';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { Outbox } from './outbox.js';

/** Longer than anything waits to be written, and than what somebody waits for does. */
const COLLECTED = 100;
const SOON = 10;
/** Four of them fill the window. */
const BIG = 64 * 1024;

describe('Outbox', () => {
  let clock: FakeClock;
  let written: number[];
  let complaints: string[];
  let size: number;

  beforeEach(() => {
    clock = new FakeClock();
    written = [];
    complaints = [];
    size = 1;
  });

  const outbox = () =>
    new Outbox<number>(
      clock,
      (_connection, item) => {
        if (item < 0) throw new Error('too large');
        written.push(item);
        return size;
      },
      (_level, message) => complaints.push(message),
    );
  /** A connection on which NATS confirms when it is told to. */
  const connection = () => {
    const confirmations: (() => void)[] = [];
    const flush = () => new Promise<void>((confirm) => confirmations.push(confirm));
    const fake = { isClosed: () => false, flush } as unknown as NatsConnection;
    return { fake, confirmations };
  };
  const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

  it('collects for a moment and writes together, sooner what somebody waits for', () => {
    const box = outbox();
    box.up(connection().fake);
    clock.advance(COLLECTED);
    box.push(1, false);
    box.push(2, false);
    clock.advance(COLLECTED - 1);
    expect(written).toEqual([]);
    clock.advance(1);
    expect(written).toEqual([1, 2]);
    box.push(3, false);
    box.push(4, true);
    clock.advance(SOON);
    expect(written).toEqual([1, 2, 3, 4]);
  });

  it('writes what has piled up in several turns, in order', () => {
    const box = outbox();
    for (const item of range(1000)) box.push(item, false);
    box.up(connection().fake);
    clock.advance(SOON);
    expect(written.length).toBeLessThan(300);
    clock.advance(10 * SOON);
    expect(written).toEqual(range(1000));
  });

  it('drops the oldest when too many wait, and counts them', () => {
    const box = outbox();
    for (const item of range(8192 + 3)) box.push(item, false);
    expect(box.dropped).toBe(3);
    box.up(connection().fake);
    clock.advance(SOON);
    expect(written[0]).toBe(3);
  });

  it('writes no more than a window beyond what is confirmed', async () => {
    const box = outbox();
    const { fake, confirmations } = connection();
    size = BIG;
    box.up(fake);
    for (const item of range(10)) box.push(item, false);
    clock.advance(10_000);
    expect([written, confirmations.length]).toEqual([range(4), 1]);
    confirmations.shift()!();
    await Promise.resolve();
    clock.advance(10_000);
    expect([written, confirmations.length]).toEqual([range(8), 1]);
  });

  it('owes nothing to a connection that was lost', async () => {
    const box = outbox();
    const [lost, next] = [connection(), connection()];
    size = BIG;
    box.up(lost.fake);
    for (const item of range(6)) box.push(item, false);
    clock.advance(COLLECTED);
    box.down();
    box.up(next.fake);
    clock.advance(COLLECTED);
    expect([written, next.confirmations.length]).toEqual([range(6), 1]);
    lost.confirmations[0]!();
    await Promise.resolve();
    for (const item of range(6)) box.push(item, false);
    clock.advance(COLLECTED);
    expect(written.length).toBe(8); // the two of before and two more fill the window of the new one
  });

  it('drops what cannot be written, says so once, and goes on', () => {
    const box = outbox();
    box.up(connection().fake);
    for (const item of [1, -2, -3, 4]) box.push(item, false);
    clock.advance(COLLECTED);
    expect([written, box.dropped, complaints.length]).toEqual([[1, 4], 2, 1]);
  });
});
