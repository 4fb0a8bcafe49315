import { READ_BYTES, READ_FRAMES } from '../../../src/signaling/mailbox-store.js';
import { MANY, times } from '../subject.js';
import { Boxes, type CreateMailboxes, text } from './boxes.js';

export function readContract(create: CreateMailboxes): void {
  let boxes: Boxes;
  beforeEach(async () => (boxes = await Boxes.of(create)));
  afterEach(() => boxes.close());

  it('finds nothing where nothing is', async () => {
    expect(await boxes.read(boxes.newBox())).toEqual({ mail: [], last: 0 });
    await boxes.acknowledge(boxes.newBox(), 3);
  });

  it('hands out the oldest frames after a number, and the highest number ever given out', async () => {
    const box = await boxes.filled(5);
    for (const after of [0, 1, 4, 5, 6, 1000]) {
      const { mail, last } = await boxes.read(box, after);
      expect(mail.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5].filter((seq) => seq > after));
      expect(last).toBe(5);
    }
  });

  it('takes nothing away', async () => {
    const box = await boxes.filled(3);
    await boxes.read(box);
    expect(await boxes.numbers(box)).toEqual([1, 2, 3]);
  });

  it('hands out no more frames at once than the bound, in order, and the rest next time', async () => {
    const box = await boxes.filled(READ_FRAMES + 10);
    const { mail, last } = await boxes.read(box);
    expect(mail.length).toBeGreaterThan(0);
    expect(mail.length).toBeLessThanOrEqual(READ_FRAMES);
    expect(last).toBe(READ_FRAMES + 10);
    expect(await boxes.numbers(box)).toEqual(times(READ_FRAMES + 10, (i) => i + 1));
  });

  it('hands out about so many bytes at once at most, but always one frame', async () => {
    const box = boxes.newBox();
    const third = JSON.stringify('x'.repeat(READ_BYTES / 3));
    const large = JSON.stringify('y'.repeat(2 * READ_BYTES));
    for (const payload of [large, third, third, third, third, third, third, large]) await boxes.append(box, payload);
    const sizes = [];
    for (let after = 0; after < 8;) {
      const { mail } = await boxes.read(box, after);
      expect(mail[0]!.seq).toBe(after + 1);
      sizes.push(mail.slice(0, -1).reduce((sum, { payload }) => sum + payload.length, 0));
      after = mail.at(-1)!.seq;
    }
    for (const size of sizes) expect(size).toBeLessThan(READ_BYTES);
  });

  it('forgets what is acknowledged, and only that', async () => {
    const box = await boxes.filled(5);
    await boxes.acknowledge(box, 2);
    expect(await boxes.all(box)).toEqual([3, 4, 5].map((seq) => ({ seq, from: 'A', payload: text(seq) })));
    expect((await boxes.read(box)).last).toBe(5);
    await boxes.acknowledge(box, 5);
    expect(await boxes.read(box)).toEqual({ mail: [], last: 5 });
  });

  it('takes an acknowledgement any number of times, and an older one for what it is', async () => {
    const box = await boxes.filled(5);
    for (const upTo of [3, 3, 1, 0]) await boxes.acknowledge(box, upTo);
    expect(await boxes.numbers(box)).toEqual([4, 5]);
  });

  it('ignores an acknowledgement above the highest number given out', async () => {
    const box = await boxes.filled(3);
    await boxes.acknowledge(box, 1);
    for (const upTo of [4, 5, Number.MAX_SAFE_INTEGER]) await boxes.acknowledge(box, upTo);
    expect(await boxes.numbers(box)).toEqual([2, 3]);
    expect(await boxes.append(box, text(4))).toBe(4);
  });

  it('acknowledges in one box only', async () => {
    const [one, other] = [await boxes.filled(2), await boxes.filled(2)];
    await boxes.acknowledge(one, 2);
    expect(await boxes.numbers(other)).toEqual([1, 2]);
  });

  it('stays whole while frames come and go at once', async () => {
    const box = boxes.newBox();
    await Promise.all(times(MANY, (i) => (i % 4 === 3 ? boxes.acknowledge(box, i >> 2) : boxes.append(box, text(i)))));
    const { last } = await boxes.read(box);
    expect(last).toBe((MANY * 3) / 4);
    const numbers = await boxes.numbers(box);
    expect(numbers).toEqual(times(numbers.length, (i) => last - numbers.length + 1 + i));
    expect(await boxes.depth()).toMatchObject({ frames: numbers.length });
  });
}
