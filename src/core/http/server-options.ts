import type { ServerOptions } from 'node:https';
import type { Settings } from '../../config/settings.js';
import { tlsFiles } from './tls.js';

/** How long a client may take to send a request's head, in ms, and how often that is looked at: bounds sockets that dribble. */
const HEADERS_TIMEOUT_MS = 10_000;
const LOOK_EVERY_MS = 5000;

/** How long a client may take to send the whole of a request, in ms. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** What every HTTP server of this process is made with, on whichever port. */
export function serverOptions(settings: Settings): ServerOptions {
  return {
    highWaterMark: settings.wsReadBuf,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: LOOK_EVERY_MS,
    ...(settings.tlsCertFile && tlsFiles(settings)),
  };
}
