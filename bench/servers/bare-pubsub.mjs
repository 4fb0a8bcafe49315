// The yardstick of a hop between nodes: the same client library and nothing else, one connection for both ways. What
// comes in on the own channel goes back out on the other's, until so many have come.
import { Redis } from 'ioredis';

const { REDIS, OWN, OTHER } = process.env;
const redis = new Redis(REDIS);
let left = 0;

redis.on('messageBuffer', (_channel, message) => {
  if (--left === 0) process.send({ done: true });
  if (left >= 0) redis.publish(OTHER, message);
});
await redis.subscribe(OWN);

process.on('message', ({ frames, size, inFlight }) => {
  left = frames;
  for (let i = 0; i < inFlight; i++) redis.publish(OTHER, Buffer.alloc(size, 'x'));
});
process.channel.ref();
process.send({ ready: true });
