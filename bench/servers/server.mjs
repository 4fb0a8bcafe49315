// Starts a subject on a free loopback port and waits until it answers HTTP.
import { request } from 'node:http';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMicros } from '../measure/cpu.mjs';
import { rssBytes } from '../measure/rss.mjs';
import { family } from './family.mjs';
import { startChild, stopChild } from './children.mjs';
import { SUBJECTS } from './subjects.mjs';

const READY_MS = 20_000;

/** @param further settings besides the subject's own */
export async function startServer(name, further = {}) {
  const { file, protocol, env } = SUBJECTS[name];
  const port = await freePort();
  const child = startChild(file, 'server', { env: { ...env, ...further, PORT: String(port) } });
  const server = {
    name,
    port,
    protocol,
    cpu: () => sum(family(child.pid).map(cpuMicros)),
    rss: () => sum(family(child.pid).map(rssBytes)),
    stop: () => stopChild(child),
    /** How it is and what it said last, for when something went wrong. */
    lastWords: () => `${name}: ${child.exitCode ?? child.signalCode ?? 'running'}\n${child.output}`,
  };
  await untilReady(name, port, child);
  return server;
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

async function untilReady(name, port, child) {
  const deadline = Date.now() + READY_MS;
  while (!(await answers(port))) {
    const over = Date.now() > deadline;
    if (over || child.exitCode !== null) {
      await stopChild(child);
      throw new Error(`${name} did not start:\n${child.output}`);
    }
    await sleep(30);
  }
}

function answers(port) {
  return new Promise((resolve) => {
    const probe = request({ host: '127.0.0.1', port, path: '/healthz', agent: false, timeout: 1000 }, (response) => {
      response.resume();
      resolve(true);
    });
    probe.on('timeout', () => probe.destroy());
    probe.on('error', () => resolve(false));
    probe.end();
  });
}

export async function freePort() {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address();
  holder.close();
  await once(holder, 'close');
  return port;
}
