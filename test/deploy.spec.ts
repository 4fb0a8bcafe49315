import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';
import { describedSettings } from '../src/config/setting.decorator.js';
import { NGINX, siteFor, writeConfiguration } from './support/nginx-server.js';
import { startApp } from './support/start-app.js';

const DEPLOY = join(__dirname, '../deploy');
const FILES = readdirSync(DEPLOY, { recursive: true, encoding: 'utf8' });

const read = (file: string): string => readFileSync(join(DEPLOY, file), 'utf8');

/** With merge keys (`<<`), as compose has them. */
const parse = (file: string): unknown => load(read(file), { schema: CORE_SCHEMA.withTags(mergeTag) });

/** Names of metrics in a query: whatever is neither a function of PromQL's nor a label. */
const metricsIn = (query: string): string[] => query.match(/\b(?:nt|signalbox|nodejs|process)_\w+/g) ?? [];

/** What a query asks of a label by value: `metric{label=~"one|two"}` as `metric{label="one"}` and `metric{label="two"}`. */
const samplesIn = (query: string): string[] =>
  Array.from(query.matchAll(/(\w+)\{(\w+)=~?\\?"([\w|]+)/g)).flatMap(([, metric, label, values]) =>
    values!.split('|').map((value) => `${metric}{${label}="${value}"}`),
  );

interface Compose {
  services: Record<string, { environment?: Record<string, string> }>;
}

describe('deploy/', () => {
  it.each(FILES.filter((file) => /\.ya?ml$/.test(file)))('%s is YAML', (file) => {
    expect(parse(file)).toBeInstanceOf(Object);
  });

  it('gives its nodes settings that exist', () => {
    const { services } = parse('compose.yaml') as Compose;
    const known = describedSettings().flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    const nodes = Object.entries(services).filter(([name]) => name.startsWith('node-'));
    expect(nodes.map(([name]) => name)).toEqual(['node-1', 'node-2']);
    for (const [, { environment }] of nodes) expect(known).toEqual(expect.arrayContaining(Object.keys(environment!)));
  });

  it('and docs/operations.md name metrics that the server has, and values that their labels take', async () => {
    const node = await startApp({ REDIS_URL: 'redis://127.0.0.1:1' }); // nobody is there, but its metrics are
    try {
      const scraped = await (await fetch(`${node.http}/metrics`)).text();
      const known = new Set(Array.from(scraped.matchAll(/^# TYPE (\w+)/gm), ([, name]) => name!));
      const queries = ['prometheus/alerts.yml', 'grafana/dashboards/signalbox.json', '../docs/operations.md'].map(read);
      const asked = queries.flatMap(metricsIn);
      expect(asked.length).toBeGreaterThan(10);
      const unknown = asked.filter((name) => !known.has(name.replace(/_bucket$/, '')));
      expect(unknown).toEqual([]);
      const labelled = queries.flatMap(samplesIn).filter((sample) => !sample.startsWith('up{'));
      expect(labelled.length).toBeGreaterThan(3);
      expect(labelled.filter((sample) => !scraped.includes(sample))).toEqual([]);
    } finally {
      await node.close();
    }
  });

  it('has an nginx configuration that nginx takes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'signalbox-nginx-'));
    try {
      const main = writeConfiguration(folder, siteFor(8080, [1234, 1234]));
      execFileSync(NGINX, ['-t', '-q', '-e', 'stderr', '-p', folder, '-c', main], { stdio: 'pipe' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
