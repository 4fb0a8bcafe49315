// A nats-server for the rows with bites, on the load's core: what it costs is not the server's.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pin } from './cores.mjs';
import { freePort } from './server.mjs';

const READY_MS = 5000;

export async function startNats() {
  const port = await freePort();
  const child = spawn('nats-server', ['-a', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const kill = () => child.kill('SIGKILL');
  process.on('exit', kill);
  await once(child, 'spawn');
  pin(child.pid, 'load');
  const deadline = Date.now() + READY_MS;
  while (!(await answers(port))) {
    if (Date.now() > deadline) throw new Error('nats-server did not start');
    await sleep(30);
  }
  return {
    url: `nats://127.0.0.1:${port}`,
    stop() {
      kill();
      process.off('exit', kill);
    },
  };
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => resolve(true)).once('error', () => resolve(false));
    socket.once('data', () => socket.destroy());
  });
}
