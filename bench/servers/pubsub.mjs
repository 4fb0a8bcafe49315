// Two processes: one publishes over Redis, one listens.
import { once } from 'node:events';
import { cpuMicros } from '../measure/cpu.mjs';
import { startChild, stopChild } from './children.mjs';

export async function startPubsub(redis) {
  const env = { REDIS: redis, CHANNEL: 'bench' };
  const children = [1, 2].map(() => startChild('bench/servers/bare-pubsub.mjs', 'server', { env }));
  await Promise.all(children.map((child) => once(child, 'message')));
  const [publisher, listener] = children;
  return {
    cpu: () => children.reduce((sum, { pid }) => sum + cpuMicros(pid), 0),
    stop: () => Promise.all(children.map(stopChild)),
    /** `frames` are published and heard. */
    async exchange({ frames, size, inFlight }) {
      const listening = once(listener, 'message');
      listener.send({ listen: frames });
      await listening;
      const done = once(listener, 'message');
      publisher.send({ publishing: { frames, size, inFlight } });
      await done;
    },
  };
}
