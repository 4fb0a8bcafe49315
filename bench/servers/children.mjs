// Every process the bench starts, so that all of them can be ended: by the suite, by Ctrl-C, by the deadline.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { pin } from './cores.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LEASH = new URL('leash.mjs', import.meta.url).href;
const running = new Set();

/** @param role `server` or `load`; decides the core */
export function startChild(file, role, { env = {}, execArgv = [] } = {}) {
  const child = fork(file, [], {
    cwd: ROOT,
    execArgv: ['--import', LEASH, ...execArgv],
    env: { ...inheritedEnv(), NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.output = '';
  const keepTail = (chunk) => (child.output = (child.output + chunk).slice(-1000));
  child.stdout.on('data', keepTail);
  child.stderr.on('data', keepTail);
  running.add(child);
  pin(child.pid, role);
  child.once('exit', () => running.delete(child));
  return child;
}

export async function stopChild(child) {
  if (!running.has(child)) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

export function killAll() {
  for (const child of running) child.kill('SIGKILL');
}

/** The settings of whoever runs the bench must not reach the servers: only what a process needs to start. */
function inheritedEnv() {
  const { PATH, HOME, TMPDIR, LANG } = process.env;
  return { PATH, HOME, TMPDIR, LANG };
}
