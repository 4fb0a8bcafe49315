import { HttpException } from '@nestjs/common';

/**
 * Every error this server answers over HTTP, on plain requests and on refused upgrades alike: status, the text for a
 * person, and whether the same request may succeed later. The key is the stable `code` member of the JSON answer.
 * `plain` marks those whose form is the reference server's: the text alone, as text/plain with a newline.
 */
const API_ERRORS = {
  method_not_allowed: { status: 405, message: 'method not allowed', plain: true },
  bad_content_type: { status: 415, message: 'bad content-type', plain: true },
  bad_request: { status: 400, message: 'bad request', plain: true },
  gone: { status: 410, message: 'gone', plain: true },
  rate_limited: { status: 429, message: 'rate limit', plain: true },
  invalid_app_id: { status: 400, message: 'invalid appID', plain: true },
  invalid_side: { status: 400, message: 'invalid side', plain: true },
  invalid_room: { status: 400, message: 'invalid room name', plain: false },
  forbidden_origin: { status: 403, message: 'forbidden origin', plain: true },
  too_many_failed_redeems: { status: 429, message: 'too many failed redeems from this address', plain: false },
  codes_exhausted: { status: 503, message: 'every code is in use', plain: false },
  bad_handshake: { status: 400, message: 'not a valid WebSocket handshake', plain: false },
  bad_claim: { status: 400, message: 'X-User-Claim must name a user and a client', plain: false },
  bad_conversation: { status: 400, message: 'this is no id of a conversation', plain: false },
  not_permitted: { status: 401, message: 'this user may not join this conversation', plain: false },
  permissions_unavailable: { status: 503, message: 'the permission service does not answer', plain: false },
  upgrade_required: { status: 426, message: 'this is a WebSocket endpoint', plain: false },
  too_many_connections: { status: 429, message: 'too many connections from this address', plain: false },
  over_capacity: { status: 503, message: 'this node is full', plain: false },
  unavailable: { status: 503, message: 'what this needs cannot be reached now', plain: false },
  draining: { status: 503, message: 'this node is shutting down', plain: false },
  not_found: { status: 404, message: 'not found', plain: false },
  internal_error: { status: 500, message: 'internal error', plain: false },
} as const;

export type ApiErrorCode = keyof typeof API_ERRORS;

/** An error of the table, as the exception Nest knows what to do with. Headers (Retry-After, Allow …) go with it. */
export class ApiError extends HttpException {
  readonly plain: boolean;

  constructor(
    readonly code: ApiErrorCode,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    const { status, message, plain } = API_ERRORS[code];
    super({ statusCode: status, code, message }, status);
    this.plain = plain;
  }
}

/** Whole seconds until `at`, at least one, as a Retry-After header. */
export function retryAfter(at: number, now: number): { 'Retry-After': string } {
  return { 'Retry-After': String(Math.max(1, Math.ceil((at - now) / 1000))) };
}

/**
 * WebSocket close codes. 4000–4499: come back later; 4500–4999: do not. 1007 and 1009 are sent by the WebSocket
 * library itself as RFC 6455 has them.
 */
export const CloseCode = {
  Normal: 1000,
  GoingAway: 1001,
  PolicyViolation: 1008,
  InternalError: 1011,
  OverCapacity: 1013,
  SlowReader: 4000,
  HeartbeatMissed: 4001,
  TooFast: 4002,
  Displaced: 4500,
  TooManyBadFrames: 4501,
  NeverRegistered: 4502,
} as const;

/** What close codes carry is a number, not always one of ours: the client's own are counted too. */
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];
