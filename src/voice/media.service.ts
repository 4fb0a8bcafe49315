import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Clock } from '../core/clock.js';
import { Degradable } from '../core/degradable.js';
import type { FromMedia, MediaStats, ToMedia } from './media/contract.js';
import { Supervisor } from './media/supervisor.js';
import { probeUdpPort } from './peers/udp-port.js';
import { VoiceSwitch } from './switch/voice-switch.js';

/** What a media process that was not started, or has died, has done. */
const NOTHING: MediaStats = {
  peers: 0,
  conversations: 0,
  packetsIn: 0,
  packetsOut: 0,
  bytesIn: 0,
  bytesOut: 0,
  badPackets: 0,
  tap: {},
};

/** What is told about single peers. */
export type PeerMessage = Extract<FromMedia, { peer: string }>;

/** Who reads it. */
export interface MediaReader {
  told(message: PeerMessage): void;
  /** All peers are gone. */
  died(): void;
}

/** The server's end of the media process: what it says is logged, counted, or handed to the reader. */
@Injectable()
export class MediaService extends Degradable implements OnModuleInit, OnApplicationShutdown {
  readonly part = 'voice';
  stats = NOTHING;
  reader: MediaReader | undefined;
  private readonly logger = new Logger('voice');
  private readonly supervisor: Supervisor;

  constructor(
    private readonly settings: Settings,
    private readonly voiceSwitch: VoiceSwitch,
    clock: Clock,
  ) {
    super();
    const { voiceUdpPort, voiceBind, voiceAnnouncedIp, voiceIdle, voiceMaxSlots, voiceMaxPeers } = settings;
    const mediaSettings = {
      udpPort: voiceUdpPort,
      bind: voiceBind,
      announcedIp: voiceAnnouncedIp,
      idleMs: voiceIdle,
      maxSlots: voiceMaxSlots,
      maxPeers: voiceMaxPeers,
      nats: settings.nats,
    };
    this.supervisor = new Supervisor(mediaSettings, clock, {
      message: (message) => this.receive(message),
      died: (why, retryMs) => this.died(why, retryMs),
    });
  }

  /** How often the media process has died. */
  get deaths(): number {
    return this.supervisor.deaths;
  }

  /** Whether there is, or will be, a process that has to be told what happens. */
  get needed(): boolean {
    return this.supervisor.state !== 'idle';
  }

  get running(): boolean {
    return this.supervisor.state === 'running';
  }

  /** @throws where the media port cannot be bound: better now than at the first call. */
  async onModuleInit(): Promise<void> {
    if (!this.voiceSwitch.on) return;
    const { voiceUdpPort: port, voiceBind: bind } = this.settings;
    try {
      await probeUdpPort(port, bind);
    } catch (error) {
      throw new Error(`VOICE_UDP_PORT, VOICE_BIND: cannot be bound: ${(error as Error).message}`, { cause: error });
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.supervisor.stop();
  }

  send(message: ToMedia): void {
    this.supervisor.send(message);
  }

  degradation(): Readonly<Record<string, unknown>> | undefined {
    const { state, deaths } = this.supervisor;
    return deaths > 0 && (state === 'waiting' || state === 'starting') ? { media: state, deaths } : undefined;
  }

  private receive(message: FromMedia): void {
    switch (message.type) {
      case 'ready':
        return this.logger.log({ message: 'the media process is running', udpPort: message.udpPort });
      case 'stats':
        this.stats = message.stats;
        return;
      case 'log':
        return this.logger[message.level](message.message);
      case 'answer':
      case 'connected':
      case 'event':
      case 'ended':
        this.reader?.told(message);
    }
  }

  private died(why: string, retryMs: number): void {
    this.stats = NOTHING;
    this.logger.error({ message: 'the media process has died, and is started again', why, retryMs });
    this.reader?.died();
  }
}
