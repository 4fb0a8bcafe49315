import { ApiError } from '../../core/errors.js';
import { MAX_ID } from './ids.js';

/** Who a request is from, according to the authenticating proxy that stands in front of the server. */
export interface UserClaim {
  user: string;
  client: string;
}

/** The header in which the proxy says it, as Node spells headers. */
export const CLAIM_HEADER = 'x-user-claim';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads `{"userid":"…","clientid":"…"}`; further members are ignored.
 * @throws ApiError `bad_claim` (400) unless it is there once, is JSON, and names both with a string that is an id.
 */
export function parseUserClaim(header: string | string[] | undefined): UserClaim {
  if (typeof header !== 'string') throw new ApiError('bad_claim');
  const { userid, clientid } = membersOf(header);
  if (!isId(userid) || !isId(clientid)) throw new ApiError('bad_claim');
  return { user: userid, client: clientid };
}

function membersOf(header: string): { userid?: unknown; clientid?: unknown } {
  try {
    // Node reads headers as Latin-1; the proxy's JSON is UTF-8.
    const value: unknown = JSON.parse(utf8.decode(Buffer.from(header, 'latin1')));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    throw new ApiError('bad_claim'); // neither UTF-8 nor JSON
  }
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_ID && !LONE_SURROGATE.test(value);
}

/** Half a character, which JSON can spell (`"\ud800"`) but neither a URL nor a message can carry. */
const LONE_SURROGATE = /\p{Surrogate}/u;
