import { Logger } from '@nestjs/common';
import { parseRedisUrl } from '../../src/config/redis-url.js';
import { SystemClock } from '../../src/core/clock.js';
import { LocalMembers } from '../../src/core/rooms/local-members.js';
import { RedisCodeStore } from '../../src/storage/redis/redis-code-store.js';
import { RedisLink } from '../../src/storage/redis/redis-link.js';
import { RedisMailboxStore } from '../../src/storage/redis/redis-mailbox-store.js';
import { RedisNodeBus } from '../../src/storage/redis/redis-node-bus.js';
import { RedisRateCounter } from '../../src/storage/redis/redis-rate-counter.js';
import { RedisRoomDirectory } from '../../src/storage/redis/redis-room-directory.js';
import { killRedisServers, RedisServer } from '../support/redis-server.js';
import { codeStoreContract } from './code-store.contract.js';
import { mailboxStoreContract } from './mailbox-store.contract.js';
import { rateCounterContract } from './rate-counter.contract.js';
import { roomDirectoryContract } from './room-directory.contract.js';
import type { Subject } from './subject.js';

jest.setTimeout(60_000);

/** All that has an end comes so much nearer to it: every key's time to live, and every time that an index of ends holds. */
const LET_PASS = `
  for _, key in ipairs(redis.call('KEYS', '*')) do
    if string.find(key, ':ends') then
      for _, member in ipairs(redis.call('ZRANGE', key, 0, -1)) do redis.call('ZINCRBY', key, -ARGV[1], member) end
    end
    local left = redis.call('PTTL', key)
    if left < 0 then error(key .. ' has no end') end
    redis.call('PEXPIRE', key, math.max(left - ARGV[1], 0))
  end`;

let server: RedisServer;
let link: RedisLink;

beforeAll(async () => {
  Logger.overrideLogger(false);
  server = await RedisServer.start();
  link = new RedisLink(parseRedisUrl(server.url), new SystemClock());
  await link.onModuleInit();
});
afterAll(async () => {
  link.onApplicationShutdown();
  await killRedisServers();
});

/** An adapter on an empty server, whose time passes as told: it is the records that age. */
async function onRedis<Store>(store: Store): Promise<Subject<Store>> {
  await server.client.flushall();
  let passed = 0;
  return {
    store,
    endsByItself: true,
    now: () => Date.now() + passed,
    pass: async (ms) => {
      passed += ms;
      await server.client.eval(LET_PASS, 0, ms + 1);
    },
    close: async () => {},
  };
}

codeStoreContract('Redis', () => onRedis(new RedisCodeStore(link)));
mailboxStoreContract('Redis', (limits) => onRedis(new RedisMailboxStore(link, limits)));
rateCounterContract('Redis', () => onRedis(new RedisRateCounter(link)));
roomDirectoryContract('Redis', () => {
  const members = new LocalMembers();
  const bus = new RedisNodeBus(link, members, new SystemClock());
  return onRedis(new RedisRoomDirectory(link, bus, members.node));
});
