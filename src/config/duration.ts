const UNIT_MS: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const TERM = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy;

/**
 * Milliseconds of a duration in Go's syntax (`time.ParseDuration`): numbers with a unit, largest first or not, as in
 * `1h30m`, `1.5s`, `250ms`; `0` alone needs no unit. Not negative, unlike Go's.
 * @returns NaN for anything else, a bare number included.
 */
export function parseDuration(text: string): number {
  if (text === '0') return 0;
  TERM.lastIndex = 0;
  let total = 0;
  do {
    const term = TERM.exec(text);
    if (!term) return NaN;
    total += Number(term[1]) * UNIT_MS[term[2]!]!;
  } while (TERM.lastIndex < text.length);
  return total;
}
