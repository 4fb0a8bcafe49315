/** Something that keeps records with an end. The janitor finds every provider of this kind and sweeps it. */
export abstract class Expirable {
  /** What the records are, for logs and the metric's label. */
  abstract readonly records: string;

  /** Forgets every record whose end is at or before `now`; resolves to how many there were. */
  abstract expire(now: number): Promise<number>;
}
