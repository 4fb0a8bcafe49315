import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../core/clock.js';
import { Deadlines } from '../core/deadlines.js';
import { CloseCode } from '../core/errors.js';
import { Lifecycle } from '../core/lifecycle.js';
import type { Caller } from './call.js';
import { Devices } from './devices/devices.js';
import type { EndReason } from './media/contract.js';
import { type MediaReader, MediaService, type PeerMessage } from './media.service.js';
import { answerFrame, candidateFrame, eventFrame, type Form, readFrame } from './voice.frames.js';
import { VoiceMetrics } from './voice.metrics.js';
import { Whereabouts } from './whereabouts/whereabouts.js';

/** How long a socket may be open without an offer, in ms. */
const OFFER_MS = 30_000;

/** How long an offer may wait for its answer, in ms: the start of a media process included. */
const ANSWER_MS = 15_000;

/** With what a socket is closed when its media ends. */
const CLOSINGS: Readonly<Record<EndReason, CloseCode>> = {
  gone: CloseCode.Normal,
  idle: CloseCode.Normal,
  replaced: CloseCode.Displaced,
  stopped: CloseCode.GoingAway,
  failed: CloseCode.InternalError,
  bad_offer: CloseCode.PolicyViolation,
  full: CloseCode.OverCapacity,
};

/** Carries offers to the media process and answers back. A peer outlives the socket it was made with. */
@Injectable()
export class VoiceService implements OnModuleInit, MediaReader {
  /** The sockets that are open and have offered, by the id of their peer. */
  private readonly callers = new Map<string, Caller>();
  private readonly offering: Deadlines<Caller>;
  private readonly answering: Deadlines<Caller>;

  constructor(
    private readonly media: MediaService,
    private readonly whereabouts: Whereabouts,
    private readonly devices: Devices,
    private readonly lifecycle: Lifecycle,
    private readonly metrics: VoiceMetrics,
    clock: Clock,
  ) {
    this.offering = new Deadlines(clock, OFFER_MS, (caller) => caller.close(CloseCode.NeverRegistered, 'no offer'));
    this.answering = new Deadlines(clock, ANSWER_MS, (caller) =>
      caller.close(CloseCode.InternalError, 'no connection can be established'),
    );
  }

  onModuleInit(): void {
    this.media.reader = this;
    this.whereabouts.onMove((user, conversation) => {
      if (this.media.needed) this.media.send({ type: 'move', user, conversation });
    });
    this.devices.onReplaced = (peer) => this.media.send({ type: 'replace', peer });
  }

  opened(caller: Caller): void {
    this.offering.add(caller);
  }

  received(caller: Caller, data: Buffer): void {
    const frame = readFrame(data);
    const { session: call } = caller;
    switch (frame.type) {
      case 'offer':
        return this.offered(caller, frame.form, frame.sdp);
      case 'candidate':
        if (call.form) this.media.send({ type: 'candidate', peer: caller.id, candidate: frame.candidate });
        return;
      case 'unknown':
        return caller.close(CloseCode.PolicyViolation, call.form ? 'unknown message' : 'malformed offer');
    }
  }

  left(caller: Caller): void {
    this.offering.delete(caller);
    this.answering.delete(caller);
    if (this.callers.delete(caller.id)) this.media.send({ type: 'detach', peer: caller.id });
  }

  told(message: PeerMessage): void {
    this.keepBooks(message);
    const caller = this.callers.get(message.peer);
    if (!caller) return;
    switch (message.type) {
      case 'answer':
        return this.answered(caller, message.sdp, message.candidates);
      case 'event':
        return caller.send(eventFrame(message.event));
      case 'ended':
        this.callers.delete(caller.id); // nothing is there any more that could be told of its going
        return caller.close(CLOSINGS[message.reason], message.detail);
      case 'connected':
    }
  }

  died(): void {
    this.devices.clear();
    for (const caller of this.callers.values()) {
      this.callers.delete(caller.id);
      caller.close(CloseCode.InternalError, 'the media has ended');
    }
  }

  private offered(caller: Caller, form: Form, sdp: string): void {
    const { session: call, id: peer } = caller;
    if (call.form) return caller.close(CloseCode.PolicyViolation, 'one offer per socket');
    if (this.lifecycle.draining) return caller.close(CloseCode.OverCapacity, 'shutting down');
    call.form = form;
    this.offering.delete(caller);
    this.answering.add(caller);
    this.callers.set(peer, caller);
    const { owner } = call;
    const events = call.events && form === 'prefixed';
    const conversation = this.whereabouts.of(owner.user);
    this.devices.offered(peer, owner);
    this.media.send({ type: 'offer', peer, owner, sdp, events, conversation });
  }

  /** Of all peers, whether or not their socket is still open. */
  private keepBooks(message: PeerMessage): void {
    if (message.type === 'connected') this.devices.connected(message.peer);
    if (message.type !== 'ended') return;
    this.devices.ended(message.peer);
    this.metrics.ended.add(message.reason);
  }

  /** To the raw form exactly one message ever. */
  private answered(caller: Caller, sdp: string, candidates: readonly string[]): void {
    const { session: call } = caller;
    this.answering.delete(caller);
    caller.send(answerFrame(call.form!, sdp));
    if (call.form === 'prefixed') for (const candidate of candidates) caller.send(candidateFrame(candidate));
  }
}
