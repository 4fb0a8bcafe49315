import { MANY, times } from '../subject.js';
import { Boxes, type CreateMailboxes, text } from './boxes.js';

export function appendContract(create: CreateMailboxes): void {
  let boxes: Boxes;
  beforeEach(async () => (boxes = await Boxes.of(create)));
  afterEach(() => boxes.close());

  it('numbers the frames of a box from 1 without gaps, in order', async () => {
    const box = boxes.newBox();
    for (let i = 1; i <= 20; i++) expect(await boxes.append(box, text(i))).toBe(i);
    expect(await boxes.all(box)).toEqual(times(20, (i) => ({ seq: i + 1, from: 'A', payload: text(i + 1) })));
  });

  it('gives each of many at once a number of its own, and none is left out', async () => {
    const box = boxes.newBox();
    const numbers = await Promise.all(times(MANY, (i) => boxes.append(box, text(i))));
    expect([...numbers].sort((a, b) => a! - b!)).toEqual(times(MANY, (i) => i + 1));
    const payloads = new Map((await boxes.all(box)).map(({ seq, payload }) => [seq, payload]));
    numbers.forEach((number, i) => expect(payloads.get(number!)).toBe(text(i)));
  });

  it('can be read as soon as it resolves', async () => {
    const box = boxes.newBox();
    for (let i = 1; i <= 5; i++) {
      const seq = await boxes.append(box, text(i));
      expect((await boxes.read(box, i - 1)).mail).toEqual([{ seq, from: 'A', payload: text(i) }]);
    }
  });

  it('keeps who it came from, and the payload to the letter', async () => {
    const box = boxes.newBox('A');
    const payloads = [
      '1.50',
      '"\\u00e9 é 🙂 \u2028"',
      '{"b":1, "a":12345678901234567890,"a":1e2}',
      'null',
      '""',
      '" \\n"',
      '[ ]',
    ];
    for (const [i, payload] of payloads.entries()) await boxes.append(box, payload, i % 2 ? 'A' : 'B');
    const mail = await boxes.all(box);
    expect(mail.map(({ payload }) => payload)).toEqual(payloads);
    expect(mail.map(({ from }) => from)).toEqual(payloads.map((_, i) => (i % 2 ? 'A' : 'B')));
  });

  it('numbers every box on its own: each side of each room', async () => {
    const [b, a, elsewhere] = [boxes.newBox('B'), boxes.newBox('A'), boxes.newBox('B')];
    a.room = b.room;
    await boxes.filled(3, b);
    expect(await boxes.append(a, text(1))).toBe(1);
    expect(await boxes.append(elsewhere, text(1))).toBe(1);
    expect(await boxes.numbers(b)).toEqual([1, 2, 3]);
    expect(await boxes.numbers(a)).toEqual([1]);
  });

  it('goes on counting when everything before is acknowledged', async () => {
    const box = await boxes.filled(3);
    await boxes.acknowledge(box, 3);
    expect(await boxes.append(box, text(4))).toBe(4);
  });
}
