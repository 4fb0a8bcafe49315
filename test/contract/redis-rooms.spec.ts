import { Logger } from '@nestjs/common';
import { parseRedisUrl } from '../../src/config/redis-url.js';
import { SystemClock } from '../../src/core/clock.js';
import { LocalMembers } from '../../src/core/rooms/local-members.js';
import { RedisLink } from '../../src/storage/redis/redis-link.js';
import { RedisNodeBus } from '../../src/storage/redis/redis-node-bus.js';
import { RedisRoomDirectory } from '../../src/storage/redis/redis-room-directory.js';
import { killRedisServers, RedisServer } from '../support/redis-server.js';
import { roomDirectoryContract } from './room-directory.contract.js';
import { timeless } from './subject.js';

jest.setTimeout(120_000);

let server: RedisServer;

beforeAll(async () => {
  Logger.overrideLogger(false);
  server = await RedisServer.start();
});
afterAll(killRedisServers);

roomDirectoryContract('Redis', async () => {
  await server.client.flushall();
  const clock = new SystemClock();
  const link = new RedisLink(parseRedisUrl(server.url), clock);
  const members = new LocalMembers();
  const bus = new RedisNodeBus(link, members, clock);
  await link.onModuleInit();
  const subject = timeless(new RedisRoomDirectory(link, bus, members.node));
  return { ...subject, close: async () => link.onApplicationShutdown() };
});
