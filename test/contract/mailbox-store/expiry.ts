import { SHORT } from '../subject.js';
import { Boxes, type CreateMailboxes, text } from './boxes.js';

const MOST = SHORT * 0.6;

export function expiryContract(create: CreateMailboxes): void {
  let boxes: Boxes;
  beforeEach(async () => (boxes = await Boxes.of(create, { ttl: SHORT })));
  afterEach(() => boxes.close());

  it('ends a box that nobody touches, numbering included, swept or not', async () => {
    const box = await boxes.filled(3);
    await boxes.pass(SHORT);
    expect(await boxes.read(box)).toEqual({ mail: [], last: 0 });
    expect(await boxes.append(box, text(1))).toBe(1);
    expect(await boxes.all(box)).toEqual([{ seq: 1, from: 'A', payload: text(1) }]);
  });

  it('begins anew with every frame', async () => {
    const box = boxes.newBox();
    for (let i = 1; i <= 3; i++) {
      expect(await boxes.append(box, text(i))).toBe(i);
      await boxes.pass(MOST);
    }
    expect(await boxes.numbers(box)).toEqual([1, 2, 3]);
  });

  it('begins anew for both boxes of every touched room, and no other', async () => {
    const rooms = [await boxes.filled(2), await boxes.filled(2)];
    const others = rooms.map((box) => ({ ...box, side: 'A' as const }));
    for (const box of others) await boxes.filled(1, box);
    const untouched = await boxes.filled(2);
    await boxes.pass(MOST);
    await boxes.touch(...rooms);
    await boxes.pass(MOST);
    for (const box of rooms) expect(await boxes.numbers(box)).toEqual([1, 2]);
    for (const box of others) expect(await boxes.numbers(box)).toEqual([1]);
    expect(await boxes.read(untouched)).toEqual({ mail: [], last: 0 });
  });

  it('keeps the numbering of a touched box in which nothing is left', async () => {
    const box = await boxes.filled(3);
    await boxes.acknowledge(box, 3);
    await boxes.pass(MOST);
    await boxes.touch(box);
    await boxes.pass(MOST);
    expect(await boxes.append(box, text(4))).toBe(4);
  });

  it('does not begin for a room without mail, nor again for one that has ended', async () => {
    const ended = await boxes.filled(2);
    await boxes.pass(SHORT);
    await boxes.touch(ended, boxes.newBox());
    expect(await boxes.read(ended)).toEqual({ mail: [], last: 0 });
    await boxes.expire();
    expect(await boxes.depth()).toEqual({ frames: 0, bytes: 0 });
  });

  it('leaves nothing behind when it is over: expire says how many boxes, and depth is back at zero', async () => {
    const sizes = text(1).length + text(2).length;
    const acknowledged = await boxes.filled(1);
    await boxes.acknowledge(acknowledged, 1);
    await boxes.filled(2);
    expect(await boxes.depth()).toEqual({ frames: 2, bytes: sizes });
    await boxes.pass(SHORT / 2);
    const later = await boxes.filled(2);
    expect(await boxes.depth()).toEqual({ frames: 4, bytes: 2 * sizes });
    await boxes.pass(SHORT / 2);
    expect(await boxes.expire()).toBe(2);
    expect(await boxes.depth()).toEqual({ frames: 2, bytes: sizes });
    expect(await boxes.numbers(later)).toEqual([1, 2]);
    await boxes.pass(SHORT / 2);
    expect(await boxes.expire()).toBe(1);
    expect(await boxes.expire()).toBe(0);
    expect(await boxes.depth()).toEqual({ frames: 0, bytes: 0 });
  });

  it('is right about depth when a box that has ended is used again before it was swept', async () => {
    const box = await boxes.filled(3);
    await boxes.pass(SHORT);
    await boxes.append(box, text(1));
    await boxes.expire();
    expect(await boxes.depth()).toEqual({ frames: 1, bytes: text(1).length });
  });
}
