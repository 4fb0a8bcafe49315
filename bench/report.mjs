// The table for people and the JSON for machines.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { pinned } from './servers/cores.mjs';

const COLUMNS = ['signalbox', 'bare', 'bare-rooms', 'codes', 'protobuf', 'peerjs', 'voice', 'node + hop', 'alone'];

export function machine() {
  const gib = Math.round(totalmem() / 2 ** 30);
  const busy = Number(loadavg()[0].toFixed(1)); // above what the bench itself needs, about 1.5, there are neighbours
  return { node: process.version, cpu: cpus()[0]?.model, cores: availableParallelism(), gib, pinned, busy };
}

export function printTable(rows) {
  const used = COLUMNS.filter((name) => rows.some((row) => row.subjects[name]));
  const head = ['load', 'unit', ...used, 'ratio (quartiles)', 'against', 'target', ''];
  const lines = rows.map((row) => [
    row.name,
    row.unit,
    ...used.map((name) => spread(row.subjects[name])),
    row.ratio ? `${row.ratio.median.toFixed(2)} (${row.ratio.low.toFixed(2)}–${row.ratio.high.toFixed(2)})` : '',
    row.reference ?? '',
    row.target ? `≤ ${row.target}` : '',
    row.met === undefined ? '' : row.met ? 'met' : 'MISSED',
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...lines].map((line) => line[column].length)));
  const print = (line) =>
    console.log(
      line
        .map((cell, i) => cell.padEnd(widths[i]))
        .join('  ')
        .trimEnd(),
    );
  print(head);
  print(widths.map((width) => '-'.repeat(width)));
  lines.forEach(print);
}

function spread(figure) {
  if (!figure) return '';
  const digits = figure.median < 100 ? 1 : 0;
  const [middle, low, high] = [figure.median, figure.low, figure.high].map((value) => value.toFixed(digits));
  return `${middle} (${low}–${high})`;
}

/** Writes the results beside earlier ones and returns the file's name within bench/. */
export function writeJson(report) {
  const folder = new URL('results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const name = `${report.startedAt.replace(/[:.]/g, '-')}.json`;
  writeFileSync(new URL(name, folder), `${JSON.stringify(report, undefined, 2)}\n`);
  return `results/${name}`;
}
