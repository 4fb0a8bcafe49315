// What a second node costs: a relay between two against one node and a bare hop over Redis, a relay within a node that
// has Redis against one that has not, and how soon mail is read on the other node.
import { setTimeout as sleep } from 'node:timers/promises';
import { startLoad } from '../load/load.mjs';
import { RELAY_LOADS, TARGETS } from '../plan.mjs';
import { summary } from '../measure/stats.mjs';
import { startPubsub } from '../servers/pubsub.mjs';
import { startRedis } from '../servers/redis.mjs';
import { startServer } from '../servers/server.mjs';
import { costPerUnit, Samples, takeTurns } from './rounds.mjs';
import { compared } from './rows.mjs';

const LOADS = RELAY_LOADS.filter(({ cork, target }) => cork !== false && target);
const IDLE_ROOMS = 500;
const TIDY_MS = 1000;

export async function clusterSuite({ cluster: { rounds, turns, rooms, warm, frames, mail } }) {
  const samples = new Samples();
  for (let round = 0; round < rounds; round++) {
    const redis = await startRedis();
    const subjects = [];
    try {
      subjects.push(relaying('alone', await startServer('signalbox')));
      subjects.push(relaying('beside', await startServer('signalbox', { REDIS_URL: redis.url })));
      subjects.push(relaying('across', await startPair(redis.url)));
      subjects.push(exchanging('pubsub', await startPubsub(redis.url)));
      for (const subject of subjects) await subject.open(rooms);
      for (const { name, size, window, share } of LOADS) {
        for (const { work } of subjects) await work({ frames: warm, size, window, rooms });
        await takeTurns(subjects, turns, async ({ name: subject, server, work }) => {
          const count = frames * share;
          const run = () => work({ frames: count, size, window, rooms });
          samples.add(name, subject, await costPerUnit(server, count, run));
        });
      }
      await measureMail(samples, subjects[2], mail);
      await measureMemory(samples, redis, subjects[2]);
    } finally {
      await Promise.all(subjects.map((subject) => subject.stop()));
      await redis.stop();
    }
    process.stderr.write('.');
  }
  return [...LOADS.flatMap((load) => relayRows(load.name, samples.of(load.name))), ...otherRows(samples.of('other'))];
}

function relayRows(name, { alone, beside, across, pubsub }) {
  const sum = alone.map((value, turn) => value + pubsub[turn]);
  const unit = 'µs/message';
  return [
    compared(`${name}, between two nodes`, unit, { signalbox: across, 'node + hop': sum }, 'node + hop', TARGETS.hop),
    compared(`${name}, in one with Redis`, unit, { signalbox: beside, alone }, 'alone', TARGETS.beside),
  ];
}

function otherRows({ mail, memory }) {
  const row = (name, unit, values, target) => {
    const signalbox = summary(values);
    return { name, unit, subjects: { signalbox }, target, met: signalbox.median <= target };
  };
  return [
    row('mail to the other node, p50', 'ms', mail, TARGETS.mailMs),
    row('Redis, idle room of two', 'bytes', memory, TARGETS.roomBytes),
  ];
}

async function measureMail(samples, { load, server }, options) {
  await load.close();
  await load.open(server, 1);
  const { took } = await load.mail(options);
  samples.add('other', 'mail', summary(took).median);
}

async function measureMemory(samples, { client }, { load, server }) {
  const used = async () => Number(/used_memory:(\d+)/.exec(await client.info('memory'))[1]);
  await load.close();
  await sleep(TIDY_MS);
  const before = await used();
  await load.open(server, IDLE_ROOMS);
  await sleep(TIDY_MS);
  samples.add('other', 'memory', ((await used()) - before) / IDLE_ROOMS);
}

function relaying(name, server) {
  const load = startLoad(name);
  return {
    name,
    server,
    load,
    open: (rooms) => load.open(server, rooms),
    work: ({ frames, size, window }) => load.relay({ frames, size, window }),
    stop: () => Promise.all([server.stop(), load.stop()]),
  };
}

function exchanging(name, server) {
  return {
    name,
    server,
    open: async () => {},
    work: ({ frames, size, window, rooms }) => server.exchange({ frames, size, inFlight: window * rooms }),
    stop: () => server.stop(),
  };
}

/** Two nodes as one server: A connects to the first, B to the second. */
async function startPair(redis) {
  const nodes = await Promise.all([1, 2].map(() => startServer('signalbox', { REDIS_URL: redis })));
  return {
    ...nodes[0],
    otherPort: nodes[1].port,
    cpu: () => nodes.reduce((sum, { cpu }) => sum + cpu(), 0),
    stop: () => Promise.all(nodes.map(({ stop }) => stop())),
  };
}
