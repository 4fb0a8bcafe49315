import nodeDatachannel, { type PeerConnection, type Track } from 'node-datachannel';
import type { Outlet } from '../forwarding/slot.js';
import { OPUS_FORMAT, readTransport } from '../sdp/answer.js';
import { type Candidate, writeCandidate } from '../sdp/candidate.js';
import { engineMid, engineOffer } from '../sdp/engine-offer.js';
import type { Offer, VoiceLine } from '../sdp/offer.js';
import type { Engine, EnginePeer, PeerEvents } from './engine.js';

/** How long gathering local addresses may take, in ms: nothing is asked of the network, so it is a matter of one. */
const GATHERING_MS = 5000;

const CLOSING_MS = 1000;

/**
 * libdatachannel, on one UDP port for all peers. An exception that leaves one of its callbacks ends the process, and
 * so does a call in the wrong order: hence the guards, and hence the process of its own.
 */
export class DatachannelEngine implements Engine {
  /** The library holds its objects weakly: what is not referred to here would stop in mid-sentence. */
  private readonly open = new Set<PeerConnection>();
  private made = 0;

  constructor(
    private readonly udpPort: number,
    private readonly bind: string,
    private readonly report: (error: unknown) => void,
  ) {
    nodeDatachannel.initLogger('Fatal', () => {}); // it would print addresses
    nodeDatachannel.preload();
  }

  async accept(offer: Offer, ssrcOf: (line: VoiceLine) => number, events: PeerEvents): Promise<EnginePeer> {
    const connection = new nodeDatachannel.PeerConnection(String(++this.made), {
      iceServers: [],
      ...(this.bind && { bindAddress: this.bind }),
      enableIceUdpMux: true,
      portRangeBegin: this.udpPort,
      portRangeEnd: this.udpPort,
      disableAutoNegotiation: true,
    });
    this.open.add(connection);
    try {
      return await this.negotiate(connection, offer, ssrcOf, events);
    } catch (error) {
      this.discard(connection);
      throw error;
    }
  }

  async close(): Promise<void> {
    for (const connection of this.open) this.discard(connection);
    await new Promise((done) => setTimeout(done, CLOSING_MS));
    nodeDatachannel.cleanup();
  }

  private async negotiate(
    connection: PeerConnection,
    offer: Offer,
    ssrcOf: (line: VoiceLine) => number,
    events: PeerEvents,
  ): Promise<EnginePeer> {
    let closed = false;
    const end = (): void => {
      if (closed) return;
      closed = true;
      this.discard(connection);
    };
    connection.onStateChange(
      this.guarded((state: string) => {
        if (closed) return;
        if (state === 'connected') events.connected();
        if (state !== 'failed' && state !== 'closed') return;
        end();
        events.closed();
      }),
    );
    const outlets = new Map<VoiceLine, TrackOutlet>();
    for (const line of offer.lines) outlets.set(line, this.addTrack(connection, line, ssrcOf(line), events));
    const sdp = await this.answer(connection, engineOffer(offer));
    const firstMid = engineMid(offer.lines[0]!);
    return {
      transport: readTransport(sdp),
      candidates: Array.from(sdp.matchAll(/^a=(candidate:.+?)\r?$/gm), ([, candidate]) => candidate!),
      outlet: (line) => outlets.get(line)!,
      addCandidate: (candidate: Candidate) => {
        if (closed) return;
        try {
          connection.addRemoteCandidate(writeCandidate(candidate), firstMid);
        } catch {
          // the client has closed it, and the engine is about to say so
        }
      },
      close: end,
    };
  }

  private addTrack(connection: PeerConnection, line: VoiceLine, ssrc: number, events: PeerEvents): TrackOutlet {
    const direction = line.hears ? (line.speaks ? 'SendRecv' : 'RecvOnly') : 'SendOnly';
    const audio = new nodeDatachannel.Audio(engineMid(line), direction);
    audio.addOpusCodec(line.payloadType, OPUS_FORMAT);
    if (line.speaks) audio.addSSRC(ssrc, 'signalbox', `voice-${ssrc}`, `voice-${ssrc}`);
    const track = connection.addTrack(audio);
    if (line.hears) track.onMessage(this.guarded((bytes: Buffer) => events.packet(bytes)));
    return new TrackOutlet(track);
  }

  /** Answers, and waits until the answer has all candidates. */
  private async answer(connection: PeerConnection, sdp: string): Promise<string> {
    await new Promise<void>((gathered, reject) => {
      const timer = setTimeout(() => reject(new Error('gathering took too long')), GATHERING_MS);
      connection.onGatheringStateChange(
        this.guarded((state: string) => {
          if (state !== 'complete') return;
          clearTimeout(timer);
          gathered();
        }),
      );
      try {
        connection.setRemoteDescription(sdp, 'offer');
        connection.setLocalDescription('answer');
      } catch (error) {
        clearTimeout(timer);
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    const answer = connection.localDescription()?.sdp;
    if (!answer) throw new Error('the engine has no answer');
    return answer;
  }

  private discard(connection: PeerConnection): void {
    if (this.open.delete(connection)) connection.close();
  }

  private guarded<T>(callback: (value: T) => void): (value: T) => void {
    return (value) => {
      try {
        callback(value);
      } catch (error) {
        this.report(error);
      }
    };
  }
}

/** Asking the track itself for every packet would be a tenth of what sending it costs. */
class TrackOutlet implements Outlet {
  private open = false;

  constructor(readonly track: Track) {
    track.onOpen(() => (this.open = true));
    track.onClosed(() => (this.open = false));
  }

  send(packet: Buffer): void {
    if (!this.open) return;
    try {
      this.track.sendMessageBinary(packet);
    } catch {
      this.open = false; // closed, and about to say so
    }
  }
}
