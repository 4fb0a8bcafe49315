// Two processes that publish to each other over Redis.
import { once } from 'node:events';
import { cpuMicros } from '../measure/cpu.mjs';
import { startChild, stopChild } from './children.mjs';

const NEVER = Number.MAX_SAFE_INTEGER;

export async function startPubsub(redis) {
  const start = (own, other) =>
    startChild('bench/servers/bare-pubsub.mjs', 'server', { env: { REDIS: redis, OWN: own, OTHER: other } });
  const children = [start('one', 'two'), start('two', 'one')];
  await Promise.all(children.map((child) => once(child, 'message')));
  return {
    cpu: () => children.reduce((sum, { pid }) => sum + cpuMicros(pid), 0),
    stop: () => Promise.all(children.map(stopChild)),
    lastWords: () => children.map(({ output }) => `pubsub: ${output}`).join('\n'),
    /** `frames` are published and received, half of them each way. */
    async exchange({ frames, size, inFlight }) {
      const [one, two] = children;
      const done = once(one, 'message');
      two.send({ frames: NEVER, size, inFlight: 0 });
      one.send({ frames: frames / 2, size, inFlight });
      await done;
    },
  };
}
