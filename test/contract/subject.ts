import { setImmediate } from 'node:timers/promises';

/**
 * What a factory hands to a contract suite: an adapter that is empty and shares its records with nobody, and its time.
 * In memory time is a number; where a server has time of its own, `now` is the clock, and `pass` makes the records older.
 */
export interface Subject<Store> {
  store: Store;
  now(): number;
  /** Resolves once at least so many milliseconds have passed. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
  /** Windows vanish when they end, and nobody can say how many there were. */
  endsByItself?: boolean;
}

/** A subject whose time stands still until told. */
export function timeless<Store>(store: Store): Subject<Store> {
  let time = Date.UTC(2026, 0, 1);
  return {
    store,
    now: () => time,
    pass: async (ms) => {
      time += ms;
      await setImmediate();
    },
    close: async () => {},
  };
}

/** Long enough to outlast any test. */
export const LONG = 600_000;

/** A life that a test lets end; much longer than a loaded machine takes for a test, as a server's clock runs on. */
export const SHORT = 20_000;

/** By how much the end of a window may be off, in ms, where a server's clock decides. */
export const GRAIN = 1000;

/** As many calls at once as the promises of the ports are tried with. */
export const MANY = 200;

export function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}
