import { SystemClock, type Timer } from '../../core/clock.js';
import { Conversations } from '../forwarding/conversations.js';
import type { FromMedia, MediaSettings, ToMedia } from '../media/contract.js';
import type { ConversationTap } from '../media/tap.js';
import { DatachannelEngine } from './datachannel-engine.js';
import type { Engine } from './engine.js';
import { Peers } from './peers.js';
import { probeUdpPort } from './udp-port.js';

/** How often it is looked who has stopped talking, in ms. */
const SWEEP_EVERY_MS = 250;

/** How often the server is told how it goes, in ms. */
const STATS_EVERY_MS = 1000;

/** The whole of the media process: takes the server's messages one by one, and answers through `send`. */
export class MediaProcess {
  private readonly clock = new SystemClock();
  private readonly timers: Timer[] = [];
  private engine: Engine | undefined;
  private peers: Peers | undefined;
  private conversations: Conversations | undefined;
  private tap: ConversationTap | undefined;

  constructor(
    private readonly send: (message: FromMedia) => void,
    private readonly connectTap: (settings: MediaSettings) => ConversationTap,
  ) {}

  /** @throws (rejects) where it cannot start, which ends the process; nothing else does. */
  async handle(message: ToMedia): Promise<void> {
    if (message.type === 'start') return this.start(message.settings);
    if (message.type === 'stop') return this.stop();
    if (!this.peers) throw new Error(`${message.type} before start`);
    try {
      await obey(this.peers, message);
    } catch (error) {
      this.report(error); // one client's; all others go on
    }
  }

  private async start(settings: MediaSettings): Promise<void> {
    const udpPort = await probeUdpPort(settings.udpPort, settings.bind);
    const tap = this.connectTap(settings);
    const conversations = new Conversations(tap);
    tap.onRemote = (packet, speaker) => conversations.receivedRemote(packet, speaker, this.clock.now());
    this.engine = new DatachannelEngine(udpPort, settings.bind, (error) => this.report(error));
    this.peers = new Peers(this.engine, conversations, { ...settings, udpPort }, this.clock, this.send);
    this.conversations = conversations;
    this.tap = tap;
    this.timers.push(
      this.clock.every(SWEEP_EVERY_MS, () => this.sweep()),
      this.clock.every(STATS_EVERY_MS, () => this.tellStats()),
    );
    this.send({ type: 'ready', udpPort });
  }

  private async stop(): Promise<void> {
    for (const timer of this.timers) timer.cancel();
    this.peers?.endAll();
    await Promise.all([this.engine?.close(), this.tap?.close()]);
  }

  private sweep(): void {
    const now = this.clock.now();
    this.conversations!.sweep(now);
    this.peers!.endIdle(now);
  }

  private tellStats(): void {
    const { packetsIn, packetsOut, bytesIn, bytesOut, badPackets, size } = this.conversations!;
    const counters = { packetsIn, packetsOut, bytesIn, bytesOut, badPackets };
    const stats = { peers: this.peers!.size, conversations: size, ...counters, tap: this.tap!.counters };
    this.send({ type: 'stats', stats });
  }

  private report(error: unknown): void {
    this.send({
      type: 'log',
      level: 'error',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
}

async function obey(peers: Peers, message: Exclude<ToMedia, { type: 'start' | 'stop' }>): Promise<void> {
  switch (message.type) {
    case 'offer':
      return peers.offer(message);
    case 'candidate':
      return peers.candidate(message.peer, message.candidate);
    case 'detach':
      return peers.detach(message.peer);
    case 'replace':
      return peers.replace(message.peer);
    case 'move':
      return peers.move(message.user, message.conversation);
  }
}
