import { Global, Module } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { RateCounter } from '../core/limits/rate-counter.js';
import { NoOtherNodes, NodeBus } from '../core/rooms/node-bus.js';
import { RoomDirectory } from '../core/rooms/room-directory.js';
import { CodeStore } from '../rendezvous/code-store.js';
import { MailboxStore } from '../signaling/mailbox-store.js';
import { MemoryCodeStore } from './memory/memory-code-store.js';
import { MemoryMailboxStore } from './memory/memory-mailbox-store.js';
import { MemoryRateCounter } from './memory/memory-rate-counter.js';
import { MemoryRoomDirectory } from './memory/memory-room-directory.js';

/** The only place that chooses where things are kept: for now in the memory of this one process. */
@Global()
@Module({
  providers: [
    { provide: CodeStore, useClass: MemoryCodeStore },
    { provide: RateCounter, useClass: MemoryRateCounter },
    { provide: RoomDirectory, useClass: MemoryRoomDirectory },
    { provide: NodeBus, useClass: NoOtherNodes },
    {
      provide: MailboxStore,
      inject: [Settings],
      useFactory: ({ mailboxMaxFrames, mailboxMaxBytes, mailboxTotalBytes, roomTtl }: Settings) =>
        new MemoryMailboxStore({
          frames: mailboxMaxFrames,
          bytes: mailboxMaxBytes,
          totalBytes: mailboxTotalBytes,
          ttl: roomTtl,
        }),
    },
  ],
  exports: [CodeStore, RateCounter, RoomDirectory, NodeBus, MailboxStore],
})
export class StorageModule {}
