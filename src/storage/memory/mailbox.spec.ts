import fc from 'fast-check';
import { Mailbox } from './mailbox.js';

interface Kept {
  seq: number;
  payload: string;
}

const written = (mail: Kept[]): string => mail.map(({ seq, payload }) => `${seq}:${payload}`).join();

describe('Mailbox', () => {
  it('is what a plain list would be, for any number of frames that come and go', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('push' as const), count: fc.integer({ min: 1, max: 300 }) }),
      fc.record({ do: fc.constant('drop' as const), ahead: fc.integer({ min: -5, max: 400 }) }),
      fc.record({ do: fc.constant('renumber' as const), ahead: fc.integer({ min: 1, max: 50 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const mailbox = new Mailbox();
        let list: Kept[] = [];
        let last = 0;
        for (const taken of steps) {
          if (taken.do === 'push') {
            for (let i = 0; i < taken.count; i++) {
              list.push({ seq: ++last, payload: `${last}` });
              mailbox.push({ from: 'A', payload: `${last}` }, 1);
            }
          } else if (taken.do === 'drop') {
            const upTo = Math.min(last, last - list.length + taken.ahead);
            const dropped: string[] = [];
            mailbox.drop(upTo, ({ payload }) => dropped.push(payload));
            expect(dropped).toEqual(list.filter(({ seq }) => seq <= upTo).map(({ payload }) => payload));
            list = list.filter(({ seq }) => seq > upTo);
          } else {
            const watermark = last + taken.ahead;
            const by = mailbox.renumber(watermark);
            list = list.map(({ payload }, i) => ({ seq: watermark + 1 + i, payload }));
            expect(by).toBe(watermark + list.length - last);
            last += by;
          }
          expect([mailbox.size, mailbox.last]).toEqual([list.length, last]);
          const from = last - Math.floor(list.length / 2);
          for (const after of [0, from, last, last + 1]) {
            const read = mailbox.after(after, () => false);
            expect(written(read)).toBe(written(list.filter(({ seq }) => seq > after)));
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('stops reading when there is enough', () => {
    const mailbox = new Mailbox();
    for (let i = 0; i < 10; i++) mailbox.push({ from: 'B', payload: '' }, 0);
    expect(mailbox.after(4, (taken) => taken.length >= 3).map(({ seq }) => seq)).toEqual([5, 6, 7]);
  });
});
