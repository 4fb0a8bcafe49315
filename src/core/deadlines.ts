import type { Clock, Timer } from './clock.js';

/** Shortest time between two looks, in ms: it bounds the wake-ups when deadlines stand close together. */
const GRAIN_MS = 5;

/**
 * Items that all fall due the same time after they were added. As the delay is one for all, the order of addition is
 * the order of falling due, so one timer serves any number of items: a socket has no timer and no closure of its own.
 */
export class Deadlines<T> {
  private readonly due = new Map<T, number>();
  private timer: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly delayMs: number,
    private readonly onDue: (item: T) => void,
  ) {}

  /** Sets the item's deadline; one that was set already starts anew. */
  add(item: T): void {
    this.due.delete(item);
    this.due.set(item, this.clock.now() + this.delayMs);
    this.timer ??= this.clock.after(this.delayMs, this.look);
  }

  delete(item: T): void {
    this.due.delete(item);
  }

  private readonly look = (): void => {
    const now = this.clock.now();
    try {
      for (const [item, at] of this.due) {
        if (at > now && at - now <= this.delayMs) break; // further off than that: the clock has been set back
        this.due.delete(item);
        this.onDue(item);
      }
    } finally {
      const next = this.due.values().next().value;
      this.timer = next === undefined ? undefined : this.clock.after(Math.max(GRAIN_MS, next - now), this.look);
    }
  };
}
