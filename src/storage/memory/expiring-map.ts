/** A map whose entries end. Reading one that has ended finds nothing; {@link expire} gives its memory back. */
export class ExpiringMap<V extends { expiresAt: number }> {
  private readonly entries = new Map<string, V>();

  get size(): number {
    return this.entries.size;
  }

  get(key: string, now: number): V | undefined {
    const value = this.entries.get(key);
    return value !== undefined && value.expiresAt > now ? value : undefined;
  }

  set(key: string, value: V): void {
    this.entries.set(key, value);
  }

  /** Removes the entry and hands it out, ended or not. */
  take(key: string): V | undefined {
    const value = this.entries.get(key);
    this.entries.delete(key);
    return value;
  }

  /** The entry that was set first. */
  oldest(): string | undefined {
    return this.entries.keys().next().value;
  }

  /** Forgets what has ended, handing each to `onExpired`; returns how many there were. */
  expire(now: number, onExpired?: (key: string, value: V) => void): number {
    let expired = 0;
    for (const [key, value] of this.entries) {
      if (value.expiresAt > now) continue;
      this.entries.delete(key);
      onExpired?.(key, value);
      expired++;
    }
    return expired;
  }
}
