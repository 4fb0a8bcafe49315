import type { FastifyInstance, HTTPMethods } from 'fastify';
import { ApiError } from '../errors.js';
import type { AbsentPaths } from './absent-paths.js';
import { httpAnswer } from './http-answer.js';
import { splitTarget } from './split-target.js';

const METHODS: HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

interface Route {
  methods: HTTPMethods[];
  segments: string[];
}

/**
 * A known path with another method is 405, not 404, as the reference server has it. To be added behind CORS, as an
 * OPTIONS that gets as far as this is no preflight, and before the routes, which it has to hear of.
 */
export function refuseOtherMethods(fastify: FastifyInstance, absent: AbsentPaths): void {
  const routes: Route[] = [];
  fastify.addHook('onRoute', ({ method, url }) => {
    routes.push({ methods: [method].flat(), segments: url.split('/') });
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    const { path } = splitTarget(request.url);
    const isOther = (request.is404 || request.method === 'OPTIONS') && !absent.has(path);
    const allowed = isOther ? allowedMethods(routes, path) : [];
    if (allowed.length === 0) return done();
    const { status, headers, body } = httpAnswer(new ApiError('method_not_allowed', { Allow: allowed.join(', ') }));
    void reply.code(status).headers(headers).send(body);
  });
}

function allowedMethods(routes: readonly Route[], path: string): HTTPMethods[] {
  const segments = path.split('/');
  const fitting = routes.filter((route) => fits(route.segments, segments));
  return METHODS.filter((method) => fitting.some(({ methods }) => methods.includes(method)));
}

/** The router itself can tell only whether it knows a pattern, not which pattern a path fits. */
function fits(pattern: readonly string[], path: readonly string[]): boolean {
  const isParameter = (segment: string): boolean => segment.startsWith(':');
  return (
    pattern.length === path.length &&
    pattern.every((segment, i) => segment === path[i] || (isParameter(segment) && path[i] !== ''))
  );
}
