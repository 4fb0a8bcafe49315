import fc from 'fast-check';
import { FakeClock } from '../../test/support/fake-clock.js';
import type { Timer } from './clock.js';
import { Deadlines } from './deadlines.js';

const DELAY = 1000;
/** A look may come so much late, in ms. */
const GRAIN = 5;

/** Knows how many timers are set. */
class CountingClock extends FakeClock {
  timers = 0;

  override after(ms: number, run: () => void): Timer {
    this.timers++;
    let ended = false;
    const end = (): void => {
      if (!ended) this.timers--;
      ended = true;
    };
    const timer = super.after(ms, () => {
      end();
      run();
    });
    return {
      cancel: () => {
        end();
        timer.cancel();
      },
    };
  }
}

describe('Deadlines', () => {
  let clock: CountingClock;
  let due: string[];
  let deadlines: Deadlines<string>;

  beforeEach(() => {
    clock = new CountingClock();
    due = [];
    deadlines = new Deadlines(clock, DELAY, (item) => due.push(item));
  });

  it('tell each item once, when its time has come', () => {
    deadlines.add('a');
    clock.advance(DELAY - 1);
    expect(due).toEqual([]);
    clock.advance(1);
    expect(due).toEqual(['a']);
    clock.advance(10 * DELAY);
    expect(due).toEqual(['a']);
  });

  it('tell items in the order in which they were added, each in its own time', () => {
    deadlines.add('a');
    clock.advance(300);
    deadlines.add('b');
    deadlines.add('c');
    clock.advance(DELAY - 300);
    expect(due).toEqual(['a']);
    clock.advance(300);
    expect(due).toEqual(['a', 'b', 'c']);
  });

  it('begin anew for an item that is added again', () => {
    deadlines.add('a');
    clock.advance(DELAY / 2);
    deadlines.add('b');
    deadlines.add('a');
    clock.advance(DELAY / 2);
    expect(due).toEqual([]);
    clock.advance(DELAY / 2);
    expect(due).toEqual(['b', 'a']);
  });

  it('leave out what was deleted, also by the item before it', () => {
    const deleting = new Deadlines<string>(clock, DELAY, (item) => {
      due.push(item);
      deleting.delete('c');
    });
    for (const item of ['a', 'b', 'c']) deleting.add(item);
    deleting.delete('a');
    clock.advance(DELAY);
    expect(due).toEqual(['b']);
  });

  it('tell an item again that is added as it falls due, a whole delay later', () => {
    const beats: number[] = [];
    const start = clock.now();
    const repeating = new Deadlines<string>(clock, DELAY, (item) => {
      beats.push(clock.now() - start);
      repeating.add(item);
    });
    repeating.add('a');
    clock.advance(5 * DELAY);
    expect(beats).toEqual([1, 2, 3, 4, 5].map((i) => i * DELAY));
  });

  it('have one timer for any number of items', () => {
    for (let i = 0; i < 100; i++) {
      deadlines.add(`item ${i}`);
      clock.advance(GRAIN);
    }
    expect(clock.timers).toBe(1);
    clock.advance(DELAY);
    expect(due).toHaveLength(100);
    expect(clock.timers).toBe(0);
  });

  it('still have one timer when items are added as they fall due, as heartbeats are', () => {
    const repeating = new Deadlines<number>(clock, DELAY, (item) => repeating.add(item));
    for (let i = 0; i < 3; i++) {
      repeating.add(i);
      clock.advance(DELAY / 3);
    }
    clock.advance(20 * DELAY);
    expect(clock.timers).toBe(1);
  });

  it('are met once in a turn, also for items that are added again while time goes on', () => {
    class RunningClock extends FakeClock {
      private ran = 0;

      override now(): number {
        return super.now() + ++this.ran;
      }
    }
    const running = new RunningClock();
    const items = new Deadlines<string>(running, DELAY, (item) => {
      due.push(item);
      if (due.length < 1000) items.add(item);
      for (let i = 0; i < DELAY; i++) running.now();
    });
    for (const item of ['a', 'b']) items.add(item);
    running.advance(DELAY);
    expect(due).toEqual(['a', 'b']);
  });

  it('are no later than a delay when the time of day is set back, and go on as before', () => {
    class SettableClock extends FakeClock {
      ahead = 0;

      override now(): number {
        return super.now() + this.ahead;
      }
    }
    const settable = new SettableClock();
    const items = new Deadlines<string>(settable, DELAY, (item) => due.push(item));
    items.add('a');
    settable.advance(DELAY / 2);
    settable.ahead = -3_600_000;
    items.add('b');
    settable.advance(DELAY / 2);
    expect(due).toEqual(['a']);
    settable.advance(DELAY / 2);
    expect(due).toEqual(['a', 'b']);
    items.add('c');
    settable.advance(DELAY - 1);
    expect(due).toEqual(['a', 'b']);
    settable.advance(1);
    expect(due).toEqual(['a', 'b', 'c']);
  });

  it('are met within the grain, never too early, for any adding, deleting and passing of time', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), item: fc.nat({ max: 8 }) }),
      fc.record({ kind: fc.constant('delete' as const), item: fc.nat({ max: 8 }) }),
      fc.record({ kind: fc.constant('pass' as const), ms: fc.nat({ max: 700 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const time = new FakeClock();
        const expected = new Map<number, number>();
        const items = new Deadlines<number>(time, DELAY, (item) => {
          const late = time.now() - expected.get(item)!;
          expect(late).toBeGreaterThanOrEqual(0);
          expect(late).toBeLessThanOrEqual(GRAIN);
          expected.delete(item);
        });
        for (const taken of steps) {
          if (taken.kind === 'pass') time.advance(taken.ms);
          else if (taken.kind === 'delete') expected.delete(taken.item);
          else expected.set(taken.item, time.now() + DELAY);
          if (taken.kind !== 'pass') items[taken.kind](taken.item);
        }
        time.advance(DELAY + GRAIN);
        expect([...expected.keys()]).toEqual([]);
      }),
    );
  });
});
