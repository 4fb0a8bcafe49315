// What all suites share: new processes each round, subjects that take turns, cost per unit seen from outside.
import { setTimeout as sleep } from 'node:timers/promises';
import { startLoad } from '../load/load.mjs';
import { startServer } from '../servers/server.mjs';

const TAIL_MS = 20;

/**
 * Runs `body(subjects)` once per round, with a new server and a new load process for each name.
 * @param env further settings, by name
 */
export async function inRounds(names, rounds, body, env = {}) {
  for (let round = 0; round < rounds; round++) {
    const subjects = await Promise.all(names.map((name) => startSubject(name, env[name])));
    try {
      await body(subjects);
    } catch (error) {
      await sleep(TAIL_MS);
      const words = subjects.map(({ server }) => server.lastWords());
      throw new Error([error.message, ...words].join('\n'), { cause: error });
    } finally {
      await Promise.all(subjects.map(({ server, load }) => Promise.all([server.stop(), load.stop()])));
    }
    process.stderr.write('.');
  }
}

async function startSubject(name, env) {
  return { name, load: startLoad(name), server: await startServer(name, env) };
}

/** Runs `body(subject)` for every subject, `turns` times over, each turn starting with another one. */
export async function takeTurns(subjects, turns, body) {
  for (let turn = 0; turn < turns; turn++) {
    for (let i = 0; i < subjects.length; i++) await body(subjects[(turn + i) % subjects.length]);
  }
}

/** CPU µs of the server per unit of the work; the short waits keep what came before out and what follows in. */
export async function costPerUnit(server, units, work) {
  await sleep(TAIL_MS);
  const before = server.cpu();
  await work();
  await sleep(TAIL_MS);
  return (server.cpu() - before) / units;
}

/** Samples by row and subject. One sample per turn each, so equal positions belong together. */
export class Samples {
  #rows = new Map();

  add(row, name, value) {
    const bySubject = this.of(row);
    (bySubject[name] ??= []).push(value);
  }

  of(row) {
    if (!this.#rows.has(row)) this.#rows.set(row, {});
    return this.#rows.get(row);
  }
}
