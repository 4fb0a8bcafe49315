import { setImmediate } from 'node:timers/promises';

/**
 * What a factory hands to a contract suite: an adapter that is empty and shares its records with nobody, and its time.
 * Where an adapter lives by real time, `now` is the clock and `pass` waits; in memory both are numbers.
 */
export interface Subject<Store> {
  store: Store;
  now(): number;
  /** Resolves once at least so many milliseconds have passed. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
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
export const LONG = 60_000;

/** A life that a test waits to end; with an adapter that lives by real time this is what the suite takes. */
export const SHORT = 400;

/** As many calls at once as the promises of the ports are tried with. */
export const MANY = 200;

export function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}
