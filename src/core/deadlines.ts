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
    let looks = this.due.size; // who is added again meanwhile waits for the next turn, however long this one takes
    try {
      for (const [item, at] of this.due) {
        if (looks-- === 0 || !this.isOver(at)) break;
        this.due.delete(item);
        this.onDue(item);
      }
    } finally {
      const next = this.due.values().next().value;
      const wait = next === undefined ? undefined : next - this.clock.now();
      this.timer = wait === undefined ? undefined : this.clock.after(Math.max(GRAIN_MS, wait), this.look);
    }
  };

  /** A moment further off than any deadline is set: the clock has been set back since. */
  private isOver(at: number): boolean {
    const left = at - this.clock.now();
    return left <= 0 || left > this.delayMs;
  }
}
