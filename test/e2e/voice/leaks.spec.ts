import { readdirSync, readFileSync } from 'node:fs';
import { killChildren } from '../../support/child.js';
import { eventually } from '../../support/eventually.js';
import { http } from '../../support/raw-http.js';
import { killServers, ServerProcess } from '../../support/server-process.js';
import { claimOf, PATIENCE, VoicePeers } from './voice-peers.js';

jest.setTimeout(240_000);

const MIB = 1024 * 1024;

/** Users that come again and again; the next time ends the one before. */
const USERS = 10;
const TIMES = 20;
/** What the allocator may keep of what it once held, in bytes: 200 peers that were kept would be 48 MiB. */
const SLACK = 24 * MIB;

afterEach(async () => {
  await killChildren();
  await killServers();
});

it('after 200 joins and leaves the media process has its descriptors and its memory back', async () => {
  const server = await ServerProcess.start({ VOICE_BIND: '127.0.0.1', VOICE_IDLE: '1s' });
  const peers = new VoicePeers(server);
  const users = Array.from({ length: USERS }, (_, i) => `user${i}`);
  const come = async (user: string, conversation: string): Promise<void> => {
    await http(server).post(`/join/${conversation}`).set('X-User-Claim', claimOf(user, 'device')).expect(200);
    const peer = await peers.connect(user);
    peer.talk(20);
  };
  const comeAll = (conversation: string) => Promise.all(users.map((user) => come(user, conversation)));
  const nobody = () =>
    eventually(async () => {
      const { text } = await http(server).get('/metrics').expect(200);
      const left = text.match(/^signalbox_voice_(peers|conversations) .*$/gm);
      expect(left).toEqual(['signalbox_voice_peers 0', 'signalbox_voice_conversations 0']);
    }, PATIENCE);

  await comeAll('warm');
  await comeAll('warm');
  await nobody();
  const pid = server.mediaProcess;
  const before = { descriptors: descriptors(pid), rss: rss(pid) };
  for (let time = 0; time < TIMES; time++) await comeAll(`room${time}`);
  await nobody();
  await eventually(() => expect(descriptors(pid)).toBeLessThanOrEqual(before.descriptors), PATIENCE);
  expect(server.mediaProcess).toBe(pid);
  await eventually(() => expect(rss(pid) - before.rss).toBeLessThan(SLACK), PATIENCE);
});

function descriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

function rss(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) * 1024;
}
