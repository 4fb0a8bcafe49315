import type { FastifyInstance } from 'fastify';

/**
 * Takes bodies of every content type, or none, as they are: minting a code ignores its body, and redeeming has errors
 * of its own for what is not JSON.
 */
export function takeAnyBody(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
}
