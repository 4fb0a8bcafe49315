// CPU time of another process, all its threads, in µs. The first number of a task's schedstat is nanoseconds on a CPU,
// user and kernel together; /proc/PID/stat counts the same in ticks of 10 ms, too coarse for a slice of half a second.
import { readdirSync, readFileSync } from 'node:fs';

export function cpuMicros(pid) {
  let nanos = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    nanos += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'latin1').split(' ', 1)[0]);
  }
  return nanos / 1000;
}

export function assertMeasurable() {
  try {
    if (cpuMicros(process.pid) > 0) return;
  } catch {
    // no /proc, or a kernel without scheduler statistics
  }
  throw new Error('The bench needs Linux with /proc/PID/task/*/schedstat (elsewhere: run it in a Linux container).');
}
