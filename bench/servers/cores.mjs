// Servers on one core, the load on another. Left to the scheduler, a woken client often preempts the server that wrote
// to it, or does not, for the whole life of a process; that alone moves a figure by a third.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const allowed = allowedCores();

/** Whether the two roles have a core each; without `taskset` or a second core they share what there is. */
export const pinned = allowed.length > 1 && canPin();

/** @param role `server` or `load` */
export function pin(pid, role) {
  if (pinned) taskset(pid, role === 'server' ? allowed[0] : allowed[1]);
}

function canPin() {
  try {
    execFileSync('taskset', ['-p', String(process.pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function taskset(pid, core) {
  execFileSync('taskset', ['-a', '-p', '-c', String(core), String(pid)], { stdio: 'ignore' });
}

/** The cores this process may use, written like `0-3,6`. */
function allowedCores() {
  const list = /^Cpus_allowed_list:\s+(.+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))[1];
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}
