import { Registry } from 'prom-client';
import { Tally } from './tally.js';

describe('Tally', () => {
  const fruit = () =>
    new Tally({ name: 'fruit_total', help: 'Fruit', label: 'kind', values: ['apple', 'pear', 'other'] });

  async function scraped(tally: Tally): Promise<string[]> {
    const registry = new Registry();
    tally.expose(registry);
    return (await registry.metrics()).trim().split('\n');
  }

  it('counts each value of its label', () => {
    const tally = fruit();
    tally.add('apple');
    tally.add('apple', 2);
    tally.add('pear');
    expect(['apple', 'pear', 'other'].map((value) => tally.get(value))).toEqual([3, 1, 0]);
  });

  it('counts every unknown value under the last, so that nobody can add labels', async () => {
    const tally = fruit();
    for (const value of ['plum', '', '__proto__', 'constructor', 'APPLE', 'x"} 1\n']) tally.add(value);
    expect(tally.get('other')).toBe(6);
    expect(tally.get('plum')).toBe(0);
    expect(await scraped(tally)).toHaveLength(5);
  });

  it('shows every value to who scrapes, those never counted as 0', async () => {
    const tally = fruit();
    tally.add('pear', 5);
    expect(await scraped(tally)).toEqual([
      '# HELP fruit_total Fruit',
      '# TYPE fruit_total counter',
      'fruit_total{kind="apple"} 0',
      'fruit_total{kind="pear"} 5',
      'fruit_total{kind="other"} 0',
    ]);
  });

  it('shows the same however often it is scraped, and what came since', async () => {
    const registry = new Registry();
    const tally = fruit();
    tally.expose(registry);
    tally.add('apple');
    const first = await registry.metrics();
    expect(await registry.metrics()).toBe(first);
    tally.add('apple');
    expect(await registry.metrics()).toContain('fruit_total{kind="apple"} 2');
  });
});
