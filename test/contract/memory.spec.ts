import { MemoryCodeStore } from '../../src/storage/memory/memory-code-store.js';
import { MemoryMailboxStore } from '../../src/storage/memory/memory-mailbox-store.js';
import { MemoryRateCounter } from '../../src/storage/memory/memory-rate-counter.js';
import { MemoryRoomDirectory } from '../../src/storage/memory/memory-room-directory.js';
import { codeStoreContract } from './code-store.contract.js';
import { mailboxStoreContract } from './mailbox-store.contract.js';
import { rateCounterContract } from './rate-counter.contract.js';
import { roomDirectoryContract } from './room-directory.contract.js';
import { timeless } from './subject.js';

codeStoreContract('memory', async () => timeless(new MemoryCodeStore()));
mailboxStoreContract('memory', async (limits) => timeless(new MemoryMailboxStore(limits)));
rateCounterContract('memory', async () => timeless(new MemoryRateCounter()));
roomDirectoryContract('memory', async () => timeless(new MemoryRoomDirectory()));
