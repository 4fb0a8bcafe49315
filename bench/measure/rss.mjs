// Resident set of another process in bytes, as the kernel counts it.
import { readFileSync } from 'node:fs';

export function rssBytes(pid) {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
  return Number(kib[1]) * 1024;
}
