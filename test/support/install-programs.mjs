// Runs before the tests: installs, with Debian's package manager, the programs they drive. Says what is missing and
// fails where it may not.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Program on the path → Debian's package. */
const PROGRAMS = { chromium: 'chromium', 'redis-server': 'redis-server', 'nats-server': 'nats-server', nginx: 'nginx' };

const isOnPath = (program) =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'].some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

const missing = Object.entries(PROGRAMS).filter(([program]) => !isOnPath(program));
if (missing.length > 0) {
  const packages = missing.map(([, name]) => name);
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const apt = (...args) => {
    const [command, ...rest] = [...sudo, 'apt-get', ...args];
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    return spawnSync(command, rest, { stdio: ['ignore', 'inherit', 'inherit'], env }).status === 0;
  };
  console.log(`installing what the tests drive: ${packages.join(', ')}`);
  if (!(apt('update') && apt('install', '-y', '--no-install-recommends', ...packages))) {
    console.error(`\nThe tests need ${packages.join(', ')}. Install with: sudo apt-get install ${packages.join(' ')}`);
    process.exit(1);
  }
}
