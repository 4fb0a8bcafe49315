/** How often a node repeats that it listens, in ms. */
export const BEAT_MS = 5000;

/** A node that has not said so for three beats does not listen: it has died, or cannot be reached. */
const SILENT_MS = 3 * BEAT_MS;

/** The other nodes that listen to a conversation. */
export class Audience {
  /** When each was last heard to. */
  private readonly nodes = new Map<string, number>();

  get isEmpty(): boolean {
    return this.nodes.size === 0;
  }

  told(node: string, listens: boolean, now: number): void {
    if (listens) this.nodes.set(node, now);
    else this.nodes.delete(node);
  }

  /** Forgets those that have fallen silent. */
  expire(now: number): void {
    for (const [node, at] of this.nodes) if (now - at >= SILENT_MS) this.nodes.delete(node);
  }

  clear(): void {
    this.nodes.clear();
  }
}
