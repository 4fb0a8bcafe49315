import type { Server } from 'node:http';
import cors from '@fastify/cors';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Settings } from './config/settings.js';
import { AbsentPaths } from './core/http/absent-paths.js';
import { answerBadPaths, corsFor } from './core/http/cors.js';
import { takeAnyBody } from './core/http/any-body.js';
import { refuseOtherMethods } from './core/http/method-not-allowed.js';
import { REQUEST_TIMEOUT_MS, serverOptions } from './core/http/server-options.js';
import { watchCertificate } from './core/http/tls.js';
import { OriginPolicy } from './core/limits/origin-policy.js';
import { Upgrades } from './core/websocket/upgrades.js';
import { WebSocketAdapter } from './core/websocket/websocket.adapter.js';
import { serveApiDocs } from './api-docs.js';

/** Largest request body in bytes; ours are below 100. */
const BODY_LIMIT = 16 * 1024;

/** Longest segment of a path that is a parameter, in bytes; ids in it have limits of their own, told with a reason. */
const PARAM_LIMIT = 8 * 1024;

/** What Nest is created with, in production and in tests. */
export const appOptions = { bodyParser: false, abortOnError: false, forceCloseConnections: true };

/** The HTTP side of the application. */
export function httpAdapter(settings: Settings): FastifyAdapter {
  const options = serverOptions(settings);
  const frameworkErrors = answerBadPaths(new OriginPolicy(settings));
  const limits = {
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS, // Fastify puts its own in the place of the server's
    frameworkErrors,
    routerOptions: { maxParamLength: PARAM_LIMIT },
  };
  if (!settings.tlsCertFile) return new FastifyAdapter({ ...limits, http: options });
  return new FastifyAdapter<Server>({ ...limits, https: options });
}

/** Puts everything on the application that is not a module's; to be called before it listens. */
export async function configureApp(app: NestFastifyApplication): Promise<void> {
  const server = app.getHttpServer();
  const fastify = app.getHttpAdapter().getInstance();
  await app.register(cors, () => corsFor(app.get(OriginPolicy)));
  refuseOtherMethods(fastify, app.get(AbsentPaths));
  takeAnyBody(fastify);
  app.useWebSocketAdapter(new WebSocketAdapter(server, app.get(Upgrades)));
  serveApiDocs(app);
  watchCertificate(server, app.get(Settings));
}
