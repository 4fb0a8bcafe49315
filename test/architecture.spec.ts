import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';

const SRC = resolve(__dirname, '../src');

interface Import {
  from: string;
  to: string;
  /** Erased by the compiler: nothing but types comes in. */
  typeOnly: boolean;
}

/** Paths below src, with slashes. */
const everything = readdirSync(SRC, { recursive: true, withFileTypes: true }).map((entry) => ({
  path: relative(SRC, join(entry.parentPath, entry.name)).split(sep).join('/'),
  isFolder: entry.isDirectory(),
}));
const folders = everything.filter(({ isFolder }) => isFolder).map(({ path }) => path);
const sources = everything
  .map(({ path }) => path)
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
  .sort();
const textOf = new Map(sources.map((path) => [path, readFileSync(join(SRC, path), 'utf8')]));
const imports = sources.flatMap((from) => importsOf(from, textOf.get(from)!));

function importsOf(from: string, text: string): Import[] {
  const statements = text.matchAll(/^(?:import|export)\s+(type\s+)?([^'";]*?)(?:\s*from\s*)?'(\.[^']*)';?$/gm);
  return Array.from(statements, ([, type, names = '', path]) => ({
    from,
    to: posix.join(posix.dirname(from), path!.replace(/\.js$/, '.ts')),
    typeOnly: type !== undefined || (names.includes('{') && named(names).every((name) => name.startsWith('type '))),
  }));
}

function named(names: string): string[] {
  const inBraces = names.slice(names.indexOf('{') + 1, names.indexOf('}')).split(',');
  return inBraces.map((name) => name.trim()).filter(Boolean);
}

/** The folder directly below src; a file that lies in src itself is its own. */
const part = (path: string): string => path.split('/')[0]!;
const isPort = (path: string): boolean => path.endsWith('-store.ts');
const shown = ({ from, to }: Import): string => `${from} -> ${to}`;

const PLATFORM = ['core', 'config', 'storage', 'health', 'metrics', 'janitor'];
const PROTOCOLS = folders.filter((path) => !path.includes('/') && !PLATFORM.includes(path));

describe('the imports of src', () => {
  it('are found, and lead to files that exist', () => {
    expect(imports.length).toBeGreaterThan(sources.length);
    for (const { to } of imports) expect(sources).toContain(to);
    expect(PROTOCOLS).toEqual(expect.arrayContaining(['rendezvous', 'signaling', 'sigver']));
  });

  /** Imports of these parts that lead out of them, and not to any of those. */
  const straying = (parts: string[], allowed: string[], unless: (one: Import) => boolean = () => false): string[] =>
    imports
      .filter(({ from, to }) => parts.includes(part(from)) && part(to) !== part(from))
      .filter((one) => !allowed.includes(part(one.to)) && !unless(one))
      .map(shown);

  it('of config: nothing', () => {
    expect(straying(['config'], [])).toEqual([]);
  });

  it('of core: config, but no protocol and no storage', () => {
    expect(straying(['core'], ['config'])).toEqual([]);
  });

  it.each(PROTOCOLS)('of the protocol %s: core and config, no other protocol and no storage', (protocol) => {
    expect(straying([protocol], ['core', 'config'])).toEqual([]);
  });

  it('of health, metrics and janitor: core and config', () => {
    expect(straying(['health', 'metrics', 'janitor'], ['core', 'config'])).toEqual([]);
  });

  it('of storage: core, config, the ports, and the types that ports are made of', () => {
    const typesOfPorts = new Set(imports.filter(({ from, typeOnly }) => isPort(from) && typeOnly).map(({ to }) => to));
    const allowed = ({ to, typeOnly }: Import): boolean => isPort(to) || (typeOnly && typesOfPorts.has(to));
    expect(straying(['storage'], ['core', 'config'], allowed)).toEqual([]);
  });

  it('name no adapter, but only the module that chooses them, where an application is put together', () => {
    const naming = imports.filter(({ from, to }) => part(from) !== 'storage' && part(to) === 'storage');
    expect(naming.map(shown)).toEqual([
      'app.module.ts -> storage/storage.module.ts',
      'sigver-command.ts -> storage/storage.module.ts',
    ]);
  });

  it('make no circle between folders; a module that lists what lies below it aside', () => {
    const between = imports
      .filter(({ from }) => !from.endsWith('.module.ts'))
      .map(({ from, to }) => [dirname(from), dirname(to)] as const)
      .filter(([from, to]) => from !== to);
    expect(circles(between)).toEqual([]);
  });

  it('make no circle between files that is left when types are erased', () => {
    expect(circles(imports.filter(({ typeOnly }) => !typeOnly).map(({ from, to }) => [from, to] as const))).toEqual([]);
  });
});

describe('the files of src', () => {
  const lengths = sources.map((path) => ({ path, lines: textOf.get(path)!.split('\n').length - 1 }));

  it('are short: half of them below 80 lines', () => {
    const sorted = lengths.map(({ lines }) => lines).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(80);
  });

  it('are never longer than 250 lines', () => {
    expect(lengths.filter(({ lines }) => lines > 250)).toEqual([]);
  });

  it('are no barrels', () => {
    expect(sources.filter((path) => posix.basename(path) === 'index.ts')).toEqual([]);
    const handedOn = imports.filter(({ from, to }) =>
      new RegExp(`^export .*'.*${posix.basename(to, '.ts')}\\.js'`, 'm').test(textOf.get(from)!),
    );
    expect(handedOn.map(shown)).toEqual([]);
  });

  it('lie in folders that say what they are about', () => {
    const empty = /^(common|utils?|shared|helpers?|misc|lib|types|interfaces)$/;
    expect(folders.filter((path) => empty.test(posix.basename(path)))).toEqual([]);
  });
});

/** Every way round: what can be reached from itself, one entry for each circle, with all that lies on it. */
function circles(edges: readonly (readonly [string, string])[]): string[] {
  const next = new Map<string, Set<string>>();
  for (const [from, to] of edges) next.set(from, (next.get(from) ?? new Set()).add(to));
  const reached = new Map(Array.from(next.keys(), (start) => [start, reachable(start, next)]));
  const onCircle = Array.from(next.keys()).filter((node) => reached.get(node)!.has(node));
  const together = onCircle.map((node) =>
    onCircle
      .filter((other) => reached.get(node)!.has(other) && reached.get(other)!.has(node))
      .sort()
      .join(' <-> '),
  );
  return [...new Set(together)];
}

function reachable(start: string, next: Map<string, Set<string>>): Set<string> {
  const seen = new Set<string>();
  const open = [...(next.get(start) ?? [])];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    open.push(...(next.get(node) ?? []));
  }
  return seen;
}
