import { Counter, Gauge, type Registry } from 'prom-client';

/** Registers a gauge whose value is read when somebody scrapes. */
export function exposeGauge(registry: Registry, name: string, help: string, read: () => number): void {
  registry.registerMetric(
    new Gauge({
      name,
      help,
      registers: [],
      collect() {
        this.set(read());
      },
    }),
  );
}

/** Registers a counter that is kept elsewhere as a plain number. */
export function exposeCounter(registry: Registry, name: string, help: string, read: () => number): void {
  registry.registerMetric(
    new Counter({
      name,
      help,
      registers: [],
      collect() {
        this.reset();
        this.inc(read());
      },
    }),
  );
}
