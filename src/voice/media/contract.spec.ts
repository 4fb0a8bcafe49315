import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { offerSdp } from '../../../test/support/sdp.js';
import type { FromMedia, ToMedia } from './contract.js';

/** One message of every kind; the compiler asks for each that is added. */
const TO_MEDIA: { [T in ToMedia['type']]: Extract<ToMedia, { type: T }> } = {
  start: {
    type: 'start',
    settings: {
      udpPort: 5000,
      bind: '::',
      announcedIp: '198.51.100.1',
      idleMs: 30_000,
      maxSlots: 8,
      maxPeers: 1000,
      nats: ['nats://user:pass@host:4222'],
    },
  },
  offer: {
    type: 'offer',
    peer: 'n:1',
    owner: { user: 'Zoë 🎤', client: '"\\\u0000' },
    conversation: '../\u2028',
    sdp: offerSdp({ slots: 8 }),
    events: true,
  },
  candidate: { type: 'candidate', peer: 'n:1', candidate: '\ufffd\r\n' },
  detach: { type: 'detach', peer: 'n:1' },
  replace: { type: 'replace', peer: 'n:1' },
  move: { type: 'move', user: '__proto__', conversation: 'constructor' },
  stop: { type: 'stop' },
};
const FROM_MEDIA: { [T in FromMedia['type']]: Extract<FromMedia, { type: T }> } = {
  ready: { type: 'ready', udpPort: 5000 },
  answer: { type: 'answer', peer: 'n:1', sdp: offerSdp(), candidates: ['candidate:1 1 UDP 1 ::1 9 typ host'] },
  connected: { type: 'connected', peer: 'n:1' },
  event: { type: 'event', peer: 'n:1', event: { type: 'slot', mid: '0' } },
  ended: { type: 'ended', peer: 'n:1', reason: 'gone', detail: '' },
  stats: {
    type: 'stats',
    stats: {
      peers: 1,
      conversations: 1,
      packetsIn: 2 ** 52,
      packetsOut: 0,
      bytesIn: 0,
      bytesOut: 0,
      badPackets: 0,
      tap: { bites: 1 },
    },
  },
  log: { type: 'log', level: 'warn', message: 'x' },
};

describe('the contract', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-'));
  const echo = join(folder, 'echo.cjs');
  writeFileSync(echo, "process.on('message', (message) => process.send(message));");
  afterAll(() => rmSync(folder, { recursive: true }));

  it('says the same on the other side of the channel, whatever is in its texts', async () => {
    const child = fork(echo, { execArgv: [] });
    try {
      for (const message of [...Object.values(TO_MEDIA), ...Object.values(FROM_MEDIA)]) {
        const echoed = once(child, 'message');
        child.send(message);
        expect(await echoed).toEqual([message, undefined]);
      }
    } finally {
      child.kill('SIGKILL');
    }
  }, 60_000);
});
