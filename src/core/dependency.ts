/**
 * Something outside this process without which it cannot do its work. Readiness finds every provider of this kind: the
 * node is ready while all are up.
 */
export abstract class Dependency {
  /** What it is, for /readyz and logs: `redis`. */
  abstract readonly dependency: string;

  /** Whether it can be used now. */
  abstract readonly up: boolean;

  /** When that last changed, in ms since the epoch. */
  abstract readonly since: number;
}
