// The yardstick for HTTP: node:http and nothing else, minting and redeeming single-use codes that expire.
import { randomInt, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

const TTL_MS = 600_000;
const MAX_BODY = 1024;
const codes = new Map();

function mint() {
  let code;
  do code = String(randomInt(10_000)).padStart(4, '0');
  while (codes.get(code)?.expiresAt > Date.now());
  const entry = { appID: randomUUID(), expiresAt: Date.now() + TTL_MS };
  codes.set(code, entry);
  return { code, appID: entry.appID, expiresAt: new Date(entry.expiresAt).toISOString() };
}

function redeem(code) {
  const entry = codes.get(code);
  codes.delete(code);
  if (!entry || entry.expiresAt <= Date.now()) return undefined;
  return { appID: entry.appID, expiresAt: new Date(entry.expiresAt).toISOString() };
}

function parseCode(body) {
  try {
    const code = JSON.parse(body)?.code;
    return typeof code === 'string' && /^[0-9]{4,8}$/.test(code) ? code : undefined;
  } catch {
    return undefined;
  }
}

function answer(response, status, body) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/plain' : 'application/json';
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) }).end(text);
}

function readBody(request, done) {
  const chunks = [];
  let size = 0;
  request.on('data', (chunk) => {
    size += chunk.length;
    if (size > MAX_BODY) request.destroy();
    else chunks.push(chunk);
  });
  request.on('end', () => done(Buffer.concat(chunks).toString()));
}

createServer((request, response) => {
  if (request.method !== 'POST') return answer(response, 405, 'method not allowed\n');
  if (request.url === '/rendezvous/code') return readBody(request, () => answer(response, 200, mint()));
  if (request.url !== '/rendezvous/redeem') return answer(response, 404, 'not found\n');
  if (!request.headers['content-type']?.startsWith('application/json'))
    return answer(response, 415, 'bad content-type\n');
  readBody(request, (body) => {
    const code = parseCode(body);
    if (!code) return answer(response, 400, 'bad request\n');
    const session = redeem(code);
    return session ? answer(response, 200, session) : answer(response, 410, 'gone\n');
  });
}).listen(Number(process.env.PORT), '127.0.0.1');
