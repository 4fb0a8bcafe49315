import { Boxes, type CreateMailboxes, text } from './boxes.js';

export function resumeContract(create: CreateMailboxes): void {
  let boxes: Boxes;
  beforeEach(async () => (boxes = await Boxes.of(create)));
  afterEach(() => boxes.close());

  it.each([
    [0, [1, 2, 3, 4]],
    [2, [3, 4]],
    [4, []],
  ])('acknowledges with a watermark that the box has given out: %i of 4', async (watermark, left) => {
    const box = await boxes.filled(4);
    expect(await boxes.resume(box, watermark)).toBe(0);
    expect(await boxes.numbers(box)).toEqual(left);
    expect(await boxes.append(box, text(5))).toBe(5);
  });

  it('drops nothing with one above: what is queued follows it, and the shift is told', async () => {
    const box = await boxes.filled(3);
    expect(await boxes.resume(box, 10)).toBe(10);
    expect(await boxes.all(box)).toEqual([1, 2, 3].map((i) => ({ seq: 10 + i, from: 'A', payload: text(i) })));
    expect((await boxes.read(box)).last).toBe(13);
    expect(await boxes.append(box, text(4))).toBe(14);
  });

  it('shifts what is left when a part was acknowledged', async () => {
    const box = await boxes.filled(5);
    await boxes.acknowledge(box, 2);
    expect(await boxes.resume(box, 10)).toBe(8);
    expect((await boxes.all(box)).map(({ seq, payload }) => [seq, payload])).toEqual(
      [3, 4, 5].map((i) => [i + 8, text(i)]),
    );
    await boxes.acknowledge(box, 11);
    expect(await boxes.numbers(box)).toEqual([12, 13]);
  });

  it('goes on above it when nothing is queued', async () => {
    const box = await boxes.filled(3);
    await boxes.acknowledge(box, 3);
    await boxes.resume(box, 10);
    expect(await boxes.append(box, text(4))).toBe(11);
  });

  it('goes on above it when the box itself is lost', async () => {
    const box = boxes.newBox();
    await boxes.resume(box, 10);
    expect(await boxes.append(box, text(1))).toBe(11);
  });

  it('loses nothing to a reader that says its watermark again after the box was lost', async () => {
    const box = boxes.newBox();
    await boxes.resume(box, 2);
    await boxes.filled(4, box);
    await boxes.resume(box, 2);
    expect((await boxes.all(box)).map(({ payload }) => payload)).toEqual([1, 2, 3, 4].map(text));
  });

  it('may be repeated', async () => {
    const box = await boxes.filled(2);
    await boxes.resume(box, 7);
    expect(await boxes.resume(box, 7)).toBe(0);
    expect(await boxes.numbers(box)).toEqual([8, 9]);
  });

  it('keeps the counts of what is stored right', async () => {
    const box = await boxes.filled(4);
    await boxes.resume(box, 10);
    expect(await boxes.depth()).toMatchObject({ frames: 4 });
    await boxes.resume(box, 12);
    expect(await boxes.depth()).toMatchObject({ frames: 2 });
  });
}
