import { ApiError } from '../../core/errors.js';

/** When to ask again, in s: connections are tried anew every half second. */
const RETRY_AFTER = { 'Retry-After': '1' };

/** Replies of a server that cannot do its work now: it loads, it is a replica, its disk or memory is full. */
const NOT_NOW = /^(LOADING|READONLY|MASTERDOWN|NOREPLICAS|MISCONF|OOM|BUSY|TRYAGAIN|CLUSTERDOWN|LATE)\b/;

export function unavailable(): ApiError {
  return new ApiError('unavailable', RETRY_AFTER);
}

/** What the caller of a failed command gets: `unavailable`, unless the server answered that the command is wrong. */
export function asUnavailable(error: unknown): unknown {
  const isReply = error instanceof Error && error.name === 'ReplyError';
  return isReply && !NOT_NOW.test(error.message) ? error : unavailable();
}
