/** A queue of bounded length: what is too much pushes out the oldest. */
export class Backlog<T> {
  private readonly ring: (T | undefined)[];
  private first = 0;
  private length = 0;

  constructor(private readonly limit: number) {
    this.ring = new Array<T | undefined>(limit).fill(undefined);
  }

  get size(): number {
    return this.length;
  }

  /** Returns whether the oldest had to go for it. */
  push(item: T): boolean {
    const isFull = this.length === this.limit;
    if (isFull) this.shift();
    this.ring[(this.first + this.length) % this.limit] = item;
    this.length++;
    return isFull;
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.ring[this.first];
    this.ring[this.first] = undefined;
    this.first = (this.first + 1) % this.limit;
    this.length--;
    return item;
  }
}
