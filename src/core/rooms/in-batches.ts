/** As many at once as fill the wire, and few enough that relays are not held up behind them. */
const BATCH = 200;

/** Does the same to many things, some at a time, in order; rejects when one of them does, with the rest undone. */
export async function inBatches<T>(items: readonly T[], run: (item: T) => Promise<unknown>): Promise<void> {
  for (let i = 0; i < items.length; i += BATCH) await Promise.all(items.slice(i, i + BATCH).map(run));
}
