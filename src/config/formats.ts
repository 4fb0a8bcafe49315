import { accessSync, constants, statSync } from 'node:fs';
import { isIP } from 'node:net';
import proxyAddr from '@fastify/proxy-addr';
import { parseRedisUrl } from './redis-url.js';

// What the text of a setting has to look like where that is more than a kind: see kinds.ts.

export function isAddressOrEmpty(text: string): boolean {
  return text === '' || isIP(text) > 0;
}

export function isProxyRange(entry: string): boolean {
  try {
    proxyAddr.compile([entry]);
    return true;
  } catch {
    return false;
  }
}

export function isRedisUrl(text: string): boolean {
  if (text === '') return true;
  try {
    parseRedisUrl(text);
    return true;
  } catch {
    return false;
  }
}

export function isNatsServer(entry: string): boolean {
  const url = urlIn(entry.includes('://') ? entry : `nats://${entry}`);
  if (!url || !/^(nats|tls):$/.test(url.protocol) || url.hostname === '') return false;
  return /^\/?$/.test(url.pathname + url.search + url.hash);
}

export function isHttpUrl(text: string): boolean {
  const url = urlIn(text);
  return text === '' || (url !== undefined && /^https?:$/.test(url.protocol) && url.search + url.hash === '');
}

function urlIn(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

export function isReadable(path: string): boolean {
  if (path === '') return true;
  try {
    accessSync(path, constants.R_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
