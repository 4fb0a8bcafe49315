import { killChildren } from '../../support/child.js';
import { NatsServer, stopNats } from '../../support/nats-server.js';
import { http } from '../../support/raw-http.js';
import { killServers, ServerProcess } from '../../support/server-process.js';
import { claimOf, type Heard, VoicePeers } from './voice-peers.js';

/** Two servers with one NATS, and clients of each. */
export interface TwoServers {
  nats: NatsServer;
  one: ServerProcess;
  other: ServerProcess;
  /** Clients of the one server. */
  here: VoicePeers;
  /** Clients of the other. */
  there: VoicePeers;
}

export async function startTwoServers(): Promise<TwoServers> {
  const nats = await NatsServer.start();
  const settings = { VOICE_BIND: '127.0.0.1', DRAIN_DELAY: '0s', NATS: nats.url };
  const [one, other] = await Promise.all([ServerProcess.start(settings), ServerProcess.start(settings)]);
  return { nats, one, other, here: new VoicePeers(one), there: new VoicePeers(other) };
}

/** For `afterEach`. */
export async function stopTwoServers(): Promise<void> {
  await killChildren();
  await killServers();
  await stopNats();
}

export async function join(server: ServerProcess, user: string, conversation: string): Promise<void> {
  await http(server).post(`/join/${conversation}`).set('X-User-Claim', claimOf(user, 'device')).expect(200);
}

/** The senders of what was heard, and whether something was heard twice. */
export function heardBy(heard: Heard[]): { from: Set<string | undefined>; once: boolean } {
  const texts = heard.map(({ text }) => text);
  return { from: new Set(texts.map((text) => text.split(' ')[0])), once: new Set(texts).size === texts.length };
}
