/**
 * A part of the server that can fail while the rest goes on. Readiness finds every provider of this kind: what it says
 * stands in the details of /readyz, and the node stays ready.
 */
export abstract class Degradable {
  /** The part's name, the key among the details. */
  abstract readonly part: string;

  /** What does not work; undefined when all does. */
  abstract degradation(): Readonly<Record<string, unknown>> | undefined;
}
