import fc from 'fast-check';
import { Backlog } from './backlog.js';

describe('Backlog', () => {
  it('is what an array is that is cut at its start', () => {
    const step = fc.option(fc.nat(), { nil: undefined });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 50 }), (limit, steps) => {
        const backlog = new Backlog<number>(limit);
        const model: number[] = [];
        for (const item of steps) {
          if (item === undefined) {
            expect(backlog.shift()).toBe(model.shift());
          } else {
            expect(backlog.push(item)).toBe(model.length === limit);
            if (model.length === limit) model.shift();
            model.push(item);
          }
          expect(backlog.size).toBe(model.length);
        }
      }),
    );
  });
});
