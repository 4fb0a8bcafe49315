// npm run bench -- [--quick] [--rounds N] [--only relay,sigver,rooms,named,setup,http,idle,voice,cluster] [--assert]
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { assertMeasurable } from './measure/cpu.mjs';
import { makePlan } from './plan.mjs';
import { machine, printTable, writeJson } from './report.mjs';
import { killAll } from './servers/children.mjs';
import { clusterSuite } from './suites/cluster.mjs';
import { httpSuite } from './suites/http.mjs';
import { idleSuite } from './suites/idle.mjs';
import { namedSuite } from './suites/named.mjs';
import { relaySuite } from './suites/relay.mjs';
import { roomsSuite } from './suites/rooms.mjs';
import { setupSuite } from './suites/setup.mjs';
import { sigverSuite } from './suites/sigver.mjs';
import { voiceSuite } from './suites/voice.mjs';

const SUITES = {
  relay: relaySuite,
  sigver: sigverSuite,
  rooms: roomsSuite,
  named: namedSuite,
  setup: setupSuite,
  http: httpSuite,
  idle: idleSuite,
  voice: voiceSuite,
  cluster: clusterSuite,
};
const DEADLINE_MS = 15 * 60_000;

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    assert: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    only: { type: 'string', default: Object.keys(SUITES).join(',') },
  },
});

process.on('exit', killAll);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130));
setTimeout(() => fail(new Error('out of time')), DEADLINE_MS).unref();

try {
  await main();
} catch (error) {
  fail(error);
}

async function main() {
  const chosen = flags.only.split(',');
  const unknown = chosen.filter((name) => !(name in SUITES));
  if (unknown.length) throw new Error(`unknown suite: ${unknown}; there are ${Object.keys(SUITES)}`);
  if (!existsSync(new URL('../dist/main.js', import.meta.url)))
    throw new Error('dist/main.js is missing: npm run build');
  assertMeasurable();

  const plan = makePlan({ quick: flags.quick, rounds: Number(flags.rounds) });
  const startedAt = new Date().toISOString();
  const rows = [];
  for (const name of chosen) {
    process.stderr.write(`${name} `);
    const began = performance.now();
    rows.push(...(await SUITES[name](plan)));
    process.stderr.write(` ${((performance.now() - began) / 1000).toFixed(0)} s\n`);
  }

  const missed = rows.filter((row) => row.met === false).map((row) => row.name);
  printTable(rows);
  console.log(`\nbench/${writeJson({ startedAt, machine: machine(), plan, missed, rows })}`);
  process.exit(flags.assert && missed.length ? 1 : 0);
}

function fail(error) {
  console.error(`\n${error.message}`);
  process.exit(1);
}
