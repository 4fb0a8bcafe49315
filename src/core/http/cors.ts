import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyCorsOptions } from '@fastify/cors';
import { BadRequestException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OriginPolicy } from '../limits/origin-policy.js';
import { httpAnswer } from './http-answer.js';

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

/** A path that cannot be decoded is refused before any hook has run: CORS has to be added here as well. */
export function answerBadPaths(origins: OriginPolicy) {
  return (_error: Error, { headers: { origin } }: FastifyRequest, reply: FastifyReply): void => {
    if (origin !== undefined && origins.allows(origin)) reply.header('Access-Control-Allow-Origin', origin);
    const { status, headers, body } = httpAnswer(new BadRequestException('the path cannot be decoded'));
    void reply.code(status).headers(headers).header('Vary', 'Origin').send(body);
  };
}
