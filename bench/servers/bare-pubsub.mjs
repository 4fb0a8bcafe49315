// The yardstick of a hop between nodes: one process publishes, another one listens, with the same client library and
// nothing else. Each lane publishes its next frame when Redis has answered the last.
import { Redis } from 'ioredis';

const { REDIS, CHANNEL } = process.env;
const redis = new Redis(REDIS);
let left = 0;

redis.on('messageBuffer', () => {
  if (--left === 0) process.send({ done: true });
});

async function publish(frames, payload, lanes) {
  let sent = 0;
  const lane = async () => {
    while (sent++ < frames) await redis.publish(CHANNEL, payload);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

process.on('message', async ({ listen, publishing }) => {
  if (publishing) return publish(publishing.frames, Buffer.alloc(publishing.size, 'x'), publishing.inFlight);
  left = listen;
  await redis.subscribe(CHANNEL);
  process.send({ listening: true });
});
process.channel.ref();
await redis.ping();
process.send({ ready: true });
