import { type FactoryProvider, Global, Module } from '@nestjs/common';
import { Registry } from 'prom-client';
import { parseRedisUrl } from '../config/redis-url.js';
import { Settings } from '../config/settings.js';
import { Clock } from '../core/clock.js';
import { RateCounter } from '../core/limits/rate-counter.js';
import { exposeCounter } from '../core/metrics/gauge.js';
import { LocalMembers } from '../core/rooms/local-members.js';
import { NoOtherNodes, NodeBus } from '../core/rooms/node-bus.js';
import { RoomDirectory } from '../core/rooms/room-directory.js';
import { CodeStore } from '../rendezvous/code-store.js';
import { MailboxStore, type MailboxLimits } from '../signaling/mailbox-store.js';
import { MemoryCodeStore } from './memory/memory-code-store.js';
import { MemoryMailboxStore } from './memory/memory-mailbox-store.js';
import { MemoryRateCounter } from './memory/memory-rate-counter.js';
import { MemoryRoomDirectory } from './memory/memory-room-directory.js';
import { RedisCodeStore } from './redis/redis-code-store.js';
import { RedisLink } from './redis/redis-link.js';
import { RedisMailboxStore } from './redis/redis-mailbox-store.js';
import { RedisNodeBus } from './redis/redis-node-bus.js';
import { RedisRateCounter } from './redis/redis-rate-counter.js';
import { RedisRoomDirectory } from './redis/redis-room-directory.js';

/** There only with REDIS_URL. */
const LINK: FactoryProvider<RedisLink | undefined> = {
  provide: RedisLink,
  inject: [Settings, Clock],
  useFactory: ({ redisUrl }: Settings, clock: Clock) =>
    redisUrl ? new RedisLink(parseRedisUrl(redisUrl), clock) : undefined,
};

/** The only place that chooses where things are kept: in Redis with REDIS_URL, else in the memory of this process. */
@Global()
@Module({
  providers: [
    LINK,
    {
      provide: NodeBus,
      inject: [Registry, LocalMembers, Clock, RedisLink],
      useFactory: (registry: Registry, members: LocalMembers, clock: Clock, link?: RedisLink) =>
        counted(registry, link ? new RedisNodeBus(link, members, clock) : new NoOtherNodes()),
    },
    {
      provide: RoomDirectory,
      inject: [LocalMembers, NodeBus, RedisLink],
      useFactory: ({ node }: LocalMembers, bus: NodeBus, link?: RedisLink) =>
        link ? new RedisRoomDirectory(link, bus as RedisNodeBus, node) : new MemoryRoomDirectory(),
    },
    {
      provide: CodeStore,
      inject: [RedisLink],
      useFactory: (link?: RedisLink) => (link ? new RedisCodeStore(link) : new MemoryCodeStore()),
    },
    {
      provide: RateCounter,
      inject: [RedisLink],
      useFactory: (link?: RedisLink) => (link ? new RedisRateCounter(link) : new MemoryRateCounter()),
    },
    {
      provide: MailboxStore,
      inject: [Settings, RedisLink],
      useFactory: (settings: Settings, link?: RedisLink) =>
        link ? new RedisMailboxStore(link, limits(settings)) : new MemoryMailboxStore(limits(settings)),
    },
  ],
  exports: [CodeStore, RateCounter, RoomDirectory, NodeBus, MailboxStore],
})
export class StorageModule {}

function counted(registry: Registry, bus: NodeBus): NodeBus {
  const help = 'Messages for other nodes that were not sent, as Redis was away or did not keep up';
  exposeCounter(registry, 'signalbox_bus_dropped_total', help, () => bus.dropped);
  return bus;
}

function limits({ mailboxMaxFrames, mailboxMaxBytes, mailboxTotalBytes, roomTtl }: Settings): MailboxLimits {
  return { frames: mailboxMaxFrames, bytes: mailboxMaxBytes, totalBytes: mailboxTotalBytes, ttl: roomTtl };
}
