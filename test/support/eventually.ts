import { setTimeout as delay } from 'node:timers/promises';

export interface Patience {
  /** How long to go on asking, in ms. */
  timeout?: number;
  /** The pause between two questions, in ms. */
  interval?: number;
}

/**
 * Asks until `check` holds: neither throws nor rejects nor answers `false`. At the deadline it rejects with the last
 * reason, so that a failing test says what was missing and not merely that time ran out.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { timeout = 10_000, interval = 20 }: Patience = {},
): Promise<Exclude<T, false>> {
  const deadline = Date.now() + timeout;
  for (;;) {
    let reason: unknown = new Error('the condition did not hold');
    try {
      const answer = await before(deadline, check());
      if (answer !== false) return answer as Exclude<T, false>;
    } catch (error) {
      reason = error;
    }
    if (Date.now() + interval > deadline) throw explained(reason, timeout);
    await delay(interval);
  }
}

/** A check that never answers must not outlive the deadline either. */
async function before<T>(deadline: number, answer: T | Promise<T>): Promise<T> {
  if (!(answer instanceof Promise)) return answer;
  const stop = new AbortController();
  const late = delay(Math.max(0, deadline - Date.now()), undefined, { signal: stop.signal }).then(() => {
    throw new Error('the check itself did not answer');
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    late.catch(() => undefined);
    stop.abort();
  }
}

function explained(reason: unknown, timeout: number): Error {
  const last = reason instanceof Error ? reason.message : String(reason);
  return new Error(`not within ${timeout} ms: ${last}`, { cause: reason });
}
