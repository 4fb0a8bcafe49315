import { Conversations } from '../../src/voice/forwarding/conversations.js';
import type { FromMedia, MediaSettings, ToMedia } from '../../src/voice/media/contract.js';
import { noTap } from '../../src/voice/media/tap.js';
import type { Engine, EnginePeer, PeerEvents } from '../../src/voice/peers/engine.js';
import { Peers } from '../../src/voice/peers/peers.js';
import type { Candidate } from '../../src/voice/sdp/candidate.js';
import type { VoiceLine } from '../../src/voice/sdp/offer.js';
import { FakeClock } from './fake-clock.js';
import { offerSdp } from './sdp.js';

const SETTINGS: MediaSettings = {
  udpPort: 5000,
  bind: '',
  announcedIp: '',
  idleMs: 30_000,
  maxSlots: 8,
  maxPeers: 2,
  nats: [],
};
/** What every peer of the fake engine gathers. */
export const CANDIDATE = 'candidate:1 1 UDP 2122260223 192.0.2.7 50000 typ host';

/** One peer of an engine that connects when it is told. */
class FakeEnginePeer implements EnginePeer {
  readonly transport = { ufrag: 'uuuu', password: 'p'.repeat(22), fingerprint: 'sha-256 AA', setup: 'active' };
  readonly candidates = [CANDIDATE];
  readonly added: Candidate[] = [];
  readonly sent: Buffer[] = [];
  closed = false;

  constructor(readonly events: PeerEvents) {}

  outlet(_line: VoiceLine) {
    return { send: (packet: Buffer) => void this.sent.push(Buffer.from(packet)) };
  }

  addCandidate(candidate: Candidate): void {
    this.added.push(candidate);
  }

  close(): void {
    this.closed = true;
  }
}

class FakeEngine implements Engine {
  readonly peers: FakeEnginePeer[] = [];
  answering: Promise<void> = Promise.resolve();

  async accept(_offer: unknown, _ssrcOf: unknown, events: PeerEvents): Promise<EnginePeer> {
    const peer = new FakeEnginePeer(events);
    this.peers.push(peer);
    await this.answering;
    return peer;
  }

  async close(): Promise<void> {}
}

/** The peers of a media process, room for two, with a fake engine under them. */
export class FakeMedia {
  readonly clock = new FakeClock();
  readonly engine = new FakeEngine();
  readonly conversations = new Conversations(noTap());
  /** All that the server was told. */
  readonly sent: FromMedia[] = [];
  readonly peers = new Peers(this.engine, this.conversations, SETTINGS, this.clock, (message) =>
    this.sent.push(message),
  );

  offer(user: string, members: Partial<Extract<ToMedia, { type: 'offer' }>> = {}): Promise<void> {
    return this.peers.offer({
      type: 'offer',
      peer: user,
      owner: { user, client: 'c' },
      sdp: offerSdp(),
      events: false,
      ...members,
    });
  }

  /** Offers and connects. */
  async connect(...offer: Parameters<FakeMedia['offer']>): Promise<FakeEnginePeer> {
    await this.offer(...offer);
    const peer = this.engine.peers.at(-1)!;
    peer.events.connected();
    return peer;
  }

  /** What the server was told, of this type. */
  told(type: FromMedia['type']): FromMedia[] {
    return this.sent.filter((message) => message.type === type);
  }
}
