import { Counter, type Registry } from 'prom-client';

interface TallyDescription<L extends string> {
  name: string;
  help: string;
  /** The label whose values are counted apart. */
  label: string;
  /** Every value the label may take; anything else is counted under the last. */
  values: readonly [...string[], L];
}

/**
 * A counter per label value, kept as plain numbers: incrementing a Prometheus counter with a label costs more than
 * relaying a message. Copied out when somebody scrapes.
 */
export class Tally {
  private readonly counts: Map<string, number>;
  private readonly rest: string;

  constructor(private readonly description: TallyDescription<string>) {
    this.counts = new Map(description.values.map((value) => [value, 0]));
    this.rest = description.values.at(-1)!;
  }

  add(value: string, by = 1): void {
    const key = this.counts.has(value) ? value : this.rest;
    this.counts.set(key, this.counts.get(key)! + by);
  }

  get(value: string): number {
    return this.counts.get(value) ?? 0;
  }

  expose(registry: Registry): void {
    const { name, help, label } = this.description;
    const { counts } = this;
    registry.registerMetric(
      new Counter({
        name,
        help,
        labelNames: [label],
        registers: [],
        collect() {
          this.reset();
          for (const [value, count] of counts) this.inc({ [label]: value }, count);
        },
      }),
    );
  }
}
