import { randomInt } from 'node:crypto';
import type { Clock } from '../../core/clock.js';
import { Deadlines } from '../../core/deadlines.js';
import type { Conversations } from '../forwarding/conversations.js';
import { Listener } from '../forwarding/listener.js';
import { Participant } from '../forwarding/participant.js';
import { Slot } from '../forwarding/slot.js';
import type { EndReason, FromMedia, MediaSettings, ToMedia } from '../media/contract.js';
import { speakerKey } from '../media/tap.js';
import { writeAnswer } from '../sdp/answer.js';
import { BadOffer } from '../sdp/bad-offer.js';
import { readCandidate, writeCandidate } from '../sdp/candidate.js';
import { localCandidates } from '../sdp/local-candidates.js';
import { type Offer, readOffer, type VoiceLine } from '../sdp/offer.js';
import type { Engine, EnginePeer } from './engine.js';
import { Peer } from './peer.js';

/** How long ICE and DTLS may take after the answer, in ms: the engine itself gives up at about the same time, but not always. */
const CONNECT_MS = 30_000;

/** Most of a client's candidates that are passed on: a browser has one for each address of its machine. */
const MAX_CANDIDATES = 32;

const NO_CONNECTION = 'no connection can be established';
const CONNECTED_AGAIN = 'the same client connected again';

const MAX_SSRC = 0xffffffff;

type OfferMessage = Extract<ToMedia, { type: 'offer' }>;

/** All peers of this process: from the server's messages to the engine and the forwarding core, and back. */
export class Peers {
  private readonly byId = new Map<string, Peer>();
  private readonly byOwner = new Map<string, Peer>();
  private readonly connecting: Deadlines<Peer>;

  constructor(
    private readonly engine: Engine,
    private readonly conversations: Conversations,
    private readonly settings: MediaSettings,
    private readonly clock: Clock,
    private readonly send: (message: FromMedia) => void,
  ) {
    this.connecting = new Deadlines(clock, CONNECT_MS, (peer) => this.end(peer, 'failed', NO_CONNECTION));
  }

  get size(): number {
    return this.byId.size;
  }

  /** Answers an offer, or says why not. */
  async offer({ peer: id, owner, conversation, sdp, events }: OfferMessage): Promise<void> {
    const key = speakerKey(owner);
    const before = this.byOwner.get(key);
    const peer = new Peer(id, owner, conversation);
    try {
      const offer = readOffer(sdp, this.settings.maxSlots);
      if (!before && this.size >= this.settings.maxPeers) return this.refuse(peer, 'full', 'no room for another peer');
      if (before) this.end(before, 'replaced', CONNECTED_AGAIN);
      this.byId.set(id, peer);
      this.byOwner.set(key, peer);
      this.connecting.add(peer);
      await this.answer(peer, offer, events);
    } catch (error) {
      if (error instanceof BadOffer) return this.refuse(peer, 'bad_offer', error.message);
      if (peer.ended) return; // replaced or stopped while the engine was at it
      this.send({ type: 'log', level: 'error', message: `the engine refused an offer: ${String(error)}` });
      this.end(peer, 'failed', NO_CONNECTION);
    }
  }

  /** Passes on one of the client's candidates, if it is of any use. */
  candidate(id: string, text: string): void {
    const peer = this.byId.get(id);
    const candidate = readCandidate(text);
    if (!peer || !candidate || peer.candidates.length >= MAX_CANDIDATES) return;
    peer.candidates.push(candidate);
    peer.engine?.addCandidate(candidate);
  }

  /** Nobody reads this peer's events any more. */
  detach(id: string): void {
    const peer = this.byId.get(id);
    if (peer) peer.attached = false;
  }

  /** The same client has connected on another node. */
  replace(id: string): void {
    const peer = this.byId.get(id);
    if (peer) this.end(peer, 'replaced', CONNECTED_AGAIN);
  }

  /** Takes all clients of the user into a conversation. */
  move(user: string, conversation: string): void {
    for (const peer of this.byId.values()) {
      if (peer.owner.user !== user) continue;
      peer.conversation = conversation;
      if (peer.participant) this.conversations.move(peer.participant, conversation, this.clock.now());
    }
  }

  /** Ends whoever has sent RTP, and has sent no more for longer than the limit. */
  endIdle(now: number): void {
    for (const peer of this.byId.values()) {
      if (peer.heardAt !== undefined && now - peer.heardAt > this.settings.idleMs) this.end(peer, 'idle', 'no RTP');
    }
  }

  endAll(): void {
    for (const peer of this.byId.values()) this.end(peer, 'stopped', 'shutting down');
  }

  private async answer(peer: Peer, offer: Offer, events: boolean): Promise<void> {
    const ssrcs = new Map(offer.lines.map((line) => [line, randomInt(1, MAX_SSRC)]));
    const ssrcOf = (line: VoiceLine): number => ssrcs.get(line)!;
    const engine = await this.engine.accept(offer, ssrcOf, {
      connected: () => this.connected(peer, offer, ssrcOf, events),
      packet: (bytes) => this.received(peer, bytes),
      closed: () =>
        peer.participant ? this.end(peer, 'gone', 'the transport has ended') : this.end(peer, 'failed', NO_CONNECTION),
    });
    if (peer.ended) return engine.close();
    for (const candidate of offer.candidates) this.candidate(peer.id, candidate);
    for (const candidate of peer.candidates) engine.addCandidate(candidate);
    peer.engine = engine;
    const { udpPort, announcedIp } = this.settings;
    const candidates = localCandidates(engine.candidates, udpPort, announcedIp);
    const sdp = writeAnswer(offer, engine.transport, candidates, ssrcOf);
    this.send({ type: 'answer', peer: peer.id, sdp, candidates: candidates.map(writeCandidate) });
  }

  private connected(peer: Peer, offer: Offer, ssrcOf: (line: VoiceLine) => number, events: boolean): void {
    if (peer.ended || peer.participant || !peer.engine) return;
    this.connecting.delete(peer);
    peer.participant = this.participant(peer, peer.engine, offer, ssrcOf, events);
    this.send({ type: 'connected', peer: peer.id });
    if (peer.conversation !== undefined) {
      this.conversations.move(peer.participant, peer.conversation, this.clock.now());
    }
  }

  private participant(
    peer: Peer,
    engine: EnginePeer,
    { lines }: Offer,
    ssrcOf: (line: VoiceLine) => number,
    events: boolean,
  ): Participant {
    const slots = lines
      .filter(({ speaks }) => speaks)
      .map((line) => {
        const { mid = '', payloadType } = line;
        return new Slot({ mid, payloadType, ssrc: ssrcOf(line) }, engine.outlet(line));
      });
    const listener = new Listener(slots, events ? (event) => this.tell(peer, event) : undefined);
    return new Participant(peer.owner, listener, lines.find(({ hears }) => hears)?.levelId ?? 0);
  }

  private received(peer: Peer, bytes: Buffer): void {
    if (!peer.participant) return;
    const now = this.clock.now();
    if (this.conversations.received(peer.participant, bytes, now)) peer.heardAt = now;
  }

  private tell(peer: Peer, event: Extract<FromMedia, { type: 'event' }>['event']): void {
    if (peer.attached) this.send({ type: 'event', peer: peer.id, event });
  }

  private refuse(peer: Peer, reason: EndReason, detail: string): void {
    this.send({ type: 'ended', peer: peer.id, reason, detail });
  }

  private end(peer: Peer, reason: EndReason, detail: string): void {
    if (peer.ended) return;
    peer.ended = true;
    const key = speakerKey(peer.owner);
    this.byId.delete(peer.id);
    if (this.byOwner.get(key) === peer) this.byOwner.delete(key);
    this.connecting.delete(peer);
    if (peer.participant) this.conversations.leave(peer.participant);
    peer.engine?.close();
    this.send({ type: 'ended', peer: peer.id, reason, detail });
  }
}
