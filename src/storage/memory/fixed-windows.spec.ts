import { FixedWindows } from './fixed-windows.js';

const BOUND = 500_000;
const MINUTE = 60_000;

describe('FixedWindows', () => {
  it('holds no more windows than its bound: the oldest go first', () => {
    const windows = new FixedWindows();
    for (let i = 0; i < BOUND; i++) windows.hit(`key ${i}`, MINUTE, 0);
    windows.hit('one more', MINUTE, 1);
    expect(windows.peek('key 0', 1)).toBeUndefined();
    expect(windows.peek('key 1', 1)).toMatchObject({ count: 1 });
    expect(windows.peek('one more', 1)).toMatchObject({ count: 1 });
    expect(windows.expire(MINUTE)).toBe(BOUND - 1);
    expect(windows.expire(MINUTE + 1)).toBe(1);
  });

  it('takes a window for as old as its last opening', () => {
    const windows = new FixedWindows();
    windows.hit('often', 10, 0);
    for (let i = 2; i < BOUND; i++) windows.hit(`key ${i}`, MINUTE, 5);
    windows.hit('often', MINUTE, 20);
    for (const key of ['filling', 'one more']) windows.hit(key, MINUTE, 21);
    expect(windows.peek('often', 21)).toMatchObject({ count: 1 });
    expect(windows.peek('key 2', 21)).toBeUndefined();
    expect(windows.peek('key 3', 21)).toBeDefined();
  });

  it('shows a window without counting a hit, and none that has ended', () => {
    const windows = new FixedWindows();
    windows.hit('a', 10, 0);
    windows.hit('a', 10, 9);
    expect(windows.peek('a', 9)).toEqual({ count: 2, expiresAt: 10 });
    expect(windows.peek('a', 10)).toBeUndefined();
    expect(windows.peek('b', 0)).toBeUndefined();
  });
});
