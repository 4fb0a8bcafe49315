import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { parseSettings } from './config/parse-settings.js';

/** The container's health check: asks the server beside it, under the same settings, and exits with 0 or 1. */
const { host, port, tlsCertFile } = parseSettings(process.env);
const target = { host, port, path: '/healthz', timeout: 2000 };
// 0.0.0.0 and ::, asked for, are this machine. The certificate is made out to the public name, not to the one asked for here.
const request = tlsCertFile ? httpsRequest({ ...target, rejectUnauthorized: false }) : httpRequest(target);
request
  .on('response', ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1))
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1))
  .end();
