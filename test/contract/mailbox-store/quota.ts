import type { MailboxLimits } from '../../../src/signaling/mailbox-store.js';
import { BOX_OVERHEAD, FRAME_OVERHEAD } from '../../../src/signaling/mailbox-store.js';
import { MANY, SHORT, times } from '../subject.js';
import { Boxes, type CreateMailboxes, text } from './boxes.js';

export function quotaContract(create: CreateMailboxes): void {
  let boxes: Boxes;
  afterEach(() => boxes.close());

  const withLimits = async (limits: Partial<MailboxLimits>): Promise<Boxes> => (boxes = await Boxes.of(create, limits));

  it('refuse the newest frame, never drop the oldest, and leave no gap in the numbers', async () => {
    await withLimits({ frames: 3 });
    const box = await boxes.filled(3);
    expect(await boxes.append(box, text(4))).toBeUndefined();
    expect(await boxes.append(box, text(5))).toBeUndefined();
    expect((await boxes.all(box)).map(({ payload }) => payload)).toEqual([1, 2, 3].map(text));
    await boxes.acknowledge(box, 1);
    expect(await boxes.append(box, text(6))).toBe(4);
    expect(await boxes.append(box, text(7))).toBeUndefined();
  });

  it('hold under concurrency', async () => {
    await withLimits({ frames: 50 });
    const box = boxes.newBox();
    const numbers = await Promise.all(times(MANY, (i) => boxes.append(box, text(i))));
    expect(numbers.filter((number) => number !== undefined).sort((a, b) => a - b)).toEqual(times(50, (i) => i + 1));
  });

  it('count the payload of a box in bytes, not characters', async () => {
    await withLimits({ bytes: 20 });
    const box = boxes.newBox();
    expect(await boxes.append(box, '"éé🙂"')).toBe(1); // 10 bytes
    expect(await boxes.append(box, '"12345678"')).toBe(2);
    expect(await boxes.append(box, '1')).toBeUndefined();
    await boxes.acknowledge(box, 1);
    expect(await boxes.append(box, '"é🙂é"')).toBe(3);
    expect(await boxes.append(box, '1')).toBeUndefined();
  });

  it('take a frame that fits after one that did not', async () => {
    await withLimits({ bytes: 20 });
    const box = boxes.newBox();
    expect(await boxes.append(box, JSON.stringify('x'.repeat(30)))).toBeUndefined();
    expect(await boxes.append(box, '"x"')).toBe(1);
  });

  it('of one box are no concern of another', async () => {
    await withLimits({ frames: 1 });
    const full = await boxes.filled(1);
    expect(await boxes.append(full, text(2))).toBeUndefined();
    expect(await boxes.append({ ...full, side: 'A' }, text(1))).toBe(1);
    expect(await boxes.append(boxes.newBox(), text(1))).toBe(1);
  });

  it('bound all boxes together, overhead included: in one box', async () => {
    const totalBytes = 2000;
    await withLimits({ totalBytes });
    const box = boxes.newBox();
    let stored = 0;
    while ((await boxes.append(box, '1')) !== undefined) stored++;
    expect(stored).toBeGreaterThan(0);
    expect(BOX_OVERHEAD + stored * (FRAME_OVERHEAD + 1)).toBeLessThanOrEqual(totalBytes);
    expect(BOX_OVERHEAD + (stored + 1) * (FRAME_OVERHEAD + 1)).toBeGreaterThan(totalBytes);
  });

  it('bound all boxes together, overhead included: in many', async () => {
    const totalBytes = 5000;
    await withLimits({ totalBytes });
    let stored = 0;
    while ((await boxes.append(boxes.newBox(), '1')) !== undefined) stored++;
    const each = BOX_OVERHEAD + FRAME_OVERHEAD + 1;
    expect(stored * each).toBeLessThanOrEqual(totalBytes);
    expect((stored + 1) * each).toBeGreaterThan(totalBytes);
  });

  it('give the room of all boxes back with what is acknowledged or has expired', async () => {
    const payload = JSON.stringify('x'.repeat(1000));
    await withLimits({ totalBytes: 3 * (1002 + FRAME_OVERHEAD + BOX_OVERHEAD), ttl: SHORT });
    const acknowledged = boxes.newBox();
    for (const box of [boxes.newBox(), boxes.newBox(), acknowledged]) expect(await boxes.append(box, payload)).toBe(1);
    expect(await boxes.append(boxes.newBox(), payload)).toBeUndefined();
    await boxes.acknowledge(acknowledged, 1);
    expect(await boxes.append(acknowledged, payload)).toBe(2);
    await boxes.pass(SHORT);
    await boxes.expire();
    for (let i = 0; i < 3; i++) expect(await boxes.append(boxes.newBox(), payload)).toBe(1);
    expect(await boxes.append(boxes.newBox(), payload)).toBeUndefined();
  });
}
