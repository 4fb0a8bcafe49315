import type { FastifyInstance, FastifyRequest, HTTPMethods } from 'fastify';
import { ApiError } from '../errors.js';
import { httpAnswer } from './http-answer.js';
import { splitTarget } from './split-target.js';

const METHODS: HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * A known path with another method is 405, not 404, as the reference server has it. To be added behind CORS: an OPTIONS
 * that gets as far as this is no preflight.
 */
export function refuseOtherMethods(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const allowed = request.is404 || request.method === 'OPTIONS' ? allowedMethods(fastify, request) : [];
    if (allowed.length === 0) return done();
    const { status, headers, body } = httpAnswer(new ApiError('method_not_allowed', { Allow: allowed.join(', ') }));
    void reply.code(status).headers(headers).send(body);
  });
}

function allowedMethods(fastify: FastifyInstance, { url }: FastifyRequest): HTTPMethods[] {
  const { path } = splitTarget(url);
  return METHODS.filter((method) => fastify.hasRoute({ method, url: path }));
}
