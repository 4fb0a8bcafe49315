import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** The Content-Type as the client sent it. */
    contentType: string | undefined;
  }
  interface FastifyContextConfig {
    /** Set on a route that answers the same whatever its request carries. */
    ignoresBody?: boolean;
  }
}

/** What requests are taken to carry; Fastify would refuse a Content-Type that it cannot read before the route is asked. */
const IGNORED = 'application/x-ignored';
const ANY = 'application/octet-stream';

/** Takes bodies of every content type, or none: as text, or not at all where the route ignores them. */
export function takeAnyBody(fastify: FastifyInstance): void {
  fastify.decorateRequest('contentType', undefined);
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { headers } = request.raw;
    request.contentType = headers['content-type'];
    if (request.routeOptions.config?.ignoresBody) headers['content-type'] = IGNORED;
    else if (request.contentType !== undefined) headers['content-type'] = ANY;
    done();
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  fastify.addContentTypeParser(IGNORED, (_request, payload, done) => {
    payload.resume();
    done(null);
  });
}
