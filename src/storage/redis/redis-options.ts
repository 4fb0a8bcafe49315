import type { RedisOptions } from 'ioredis';
import type { RedisAddress } from '../../config/redis-url.js';

/** How long a command may take before its caller is told `unavailable`, in ms. */
export const COMMAND_TIMEOUT_MS = 2000;

/** How long a connection may take to be made, in ms: an address that swallows packets is tried again soon. */
const CONNECT_TIMEOUT_MS = 1000;

/** The longest pause between two attempts to connect, in ms: all works again within 5 s of the server's return. */
const RETRY_MS = 500;

/** How long an old connection may take to say goodbye, in ms; a server that stands still never does. */
const GOODBYE_MS = 100;

const retry = (attempt: number): number => Math.min(RETRY_MS, 20 * 2 ** Math.min(attempt, 10));

/** What makes every command end soon, and none run twice or late: nothing waits for a connection, nothing is sent again. */
const PROMPT: RedisOptions = {
  commandTimeout: COMMAND_TIMEOUT_MS,
  connectTimeout: CONNECT_TIMEOUT_MS,
  disconnectTimeout: GOODBYE_MS,
  maxLoadingRetryTime: RETRY_MS,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  retryStrategy: retry,
  sentinelRetryStrategy: retry,
  sentinelCommandTimeout: CONNECT_TIMEOUT_MS,
};

/** The options of every connection to this address. */
export function redisOptions({ at, tls, ...login }: RedisAddress): RedisOptions {
  const where = 'master' in at ? { sentinels: at.sentinels, name: at.master } : at;
  return { ...PROMPT, ...login, ...where, ...(tls && { tls: {} }) };
}
