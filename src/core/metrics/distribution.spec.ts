import fc from 'fast-check';
import { Histogram, Registry } from 'prom-client';
import { Distribution } from './distribution.js';

const BOUNDS = [1, 2.5, 10];

describe('Distribution', () => {
  async function scraped(parts: Distribution | Record<string, Distribution>, label?: string): Promise<string> {
    const registry = new Registry();
    Distribution.expose(registry, 'size_bytes', 'Sizes', parts, label);
    await registry.metrics();
    return registry.metrics();
  }

  it("shows what prom-client's own histogram shows of the same values", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(0, 0.5, 1, 2, 2.5, 3, 10, 10.5, 1e9)), async (values) => {
        const distribution = new Distribution(BOUNDS);
        const registry = new Registry();
        const histogram = new Histogram({ name: 'size_bytes', help: 'Sizes', buckets: BOUNDS, registers: [registry] });
        for (const value of values) {
          distribution.observe(value);
          histogram.observe(value);
        }
        expect(await scraped(distribution)).toBe(await registry.metrics());
        expect(distribution.count).toBe(values.length);
      }),
    );
  });

  it('shows one histogram with a label for several', async () => {
    const [sent, received] = [new Distribution(BOUNDS), new Distribution(BOUNDS)];
    for (const value of [1, 2, 11]) sent.observe(value);
    received.observe(5);
    expect((await scraped({ in: received, out: sent }, 'dir')).trim().split('\n')).toEqual([
      '# HELP size_bytes Sizes',
      '# TYPE size_bytes histogram',
      ...['1', '2.5'].map((le) => `size_bytes_bucket{dir="in",le="${le}"} 0`),
      ...['10', '+Inf'].map((le) => `size_bytes_bucket{dir="in",le="${le}"} 1`),
      'size_bytes_sum{dir="in"} 5',
      'size_bytes_count{dir="in"} 1',
      'size_bytes_bucket{dir="out",le="1"} 1',
      ...['2.5', '10'].map((le) => `size_bytes_bucket{dir="out",le="${le}"} 2`),
      'size_bytes_bucket{dir="out",le="+Inf"} 3',
      'size_bytes_sum{dir="out"} 14',
      'size_bytes_count{dir="out"} 3',
    ]);
  });
});
