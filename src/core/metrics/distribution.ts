import { Histogram, type Registry } from 'prom-client';

/** A histogram kept as plain numbers, for what is observed once a message; copied out when somebody scrapes. */
export class Distribution {
  private readonly counts: number[];
  private sum = 0;

  /** @param bounds upper bounds of the buckets, ascending */
  constructor(private readonly bounds: readonly number[]) {
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    const { bounds } = this;
    let i = 0;
    while (i < bounds.length && value > bounds[i]!) i++;
    this.counts[i]!++;
    this.sum += value;
  }

  get count(): number {
    return this.counts.reduce((total, count) => total + count, 0);
  }

  /** Registers one Prometheus histogram made of a distribution for each value of a label, or of this one alone. */
  static expose(
    registry: Registry,
    name: string,
    help: string,
    parts: Distribution | Record<string, Distribution>,
    label = '',
  ): void {
    const labelled: [Record<string, string>, Distribution][] =
      parts instanceof Distribution
        ? [[{}, parts]]
        : Object.entries(parts).map(([value, part]) => [{ [label]: value }, part]);
    const histogram = new Histogram({ name, help, registers: [], labelNames: label ? [label] : [] });
    const read = async () => ({
      name,
      help,
      type: 'histogram',
      aggregator: 'sum' as const,
      values: labelled.flatMap(([labels, part]) => part.samples(name, labels)),
    });
    // The registry asks one for JSON, the other for text.
    Object.assign(histogram, { get: read, getForPromString: read });
    registry.registerMetric(histogram);
  }

  private samples(
    name: string,
    labels: Record<string, string>,
  ): { metricName: string; labels: object; value: number }[] {
    let below = 0;
    const buckets = this.counts.map((count, i) => ({
      metricName: `${name}_bucket`,
      labels: { ...labels, le: this.bounds[i] ?? '+Inf' },
      value: (below += count),
    }));
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: this.sum },
      { metricName: `${name}_count`, labels, value: below },
    ];
  }
}
