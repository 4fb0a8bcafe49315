import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyCorsOptions } from '@fastify/cors';
import type { FastifyRequest } from 'fastify';
import type { OriginPolicy } from '../limits/origin-policy.js';

/** How long a browser may remember a preflight, in s: two hours is the most Chromium does. */
const PREFLIGHT_SECONDS = 7200;

/**
 * Answers browsers of allowed origins, errors included. An OPTIONS that is no preflight is left to its route, which
 * says 405 like the reference server.
 */
export function corsFor(origins: OriginPolicy) {
  return (request: FastifyRequest, done: (error: Error | null, options: FastifyCorsOptions) => void): void => {
    const { headers } = request;
    done(null, {
      origin: headers.origin !== undefined && origins.allows(headers.origin) ? headers.origin : false,
      methods: ['POST', 'GET'],
      allowedHeaders: ['content-type', 'idempotency-key'],
      exposedHeaders: ['retry-after'],
      maxAge: PREFLIGHT_SECONDS,
      preflight: isPreflight(headers),
    });
  };
}

function isPreflight(headers: IncomingHttpHeaders): boolean {
  return headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
}
