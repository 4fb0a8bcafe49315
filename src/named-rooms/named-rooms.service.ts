import { Injectable, Logger } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Clock } from '../core/clock.js';
import { Deadlines } from '../core/deadlines.js';
import { CloseCode } from '../core/errors.js';
import { reportFault } from '../core/report-fault.js';
import { RoomRegistry } from '../core/rooms/room-registry.js';
import { MessageBacklog } from '../core/websocket/backlog.js';
import { UnusableMessages } from '../core/websocket/unusable-messages.js';
import { type Identity, parseIdentity } from './identity.js';
import { RoomError } from './named-rooms.errors.js';
import {
  challengeFrame,
  type ClientFrame,
  errorFrame,
  parseFrame,
  relayFrame,
  type RelayFrame,
} from './named-rooms.frames.js';
import { NamedRoomsMetrics } from './named-rooms.metrics.js';
import { isProvable, newNonce, proves } from './proof.js';
import { Reception } from './reception.js';
import type { Visitor } from './visit.js';

/** What a visitor's frames do: it registers, perhaps proves its key, and then reaches the others. */
@Injectable()
export class NamedRoomsService {
  private readonly logger = new Logger(NamedRoomsService.name);
  private readonly requireProof: boolean;
  private readonly unregistered: Deadlines<Visitor>;

  constructor(
    settings: Settings,
    private readonly rooms: RoomRegistry,
    private readonly reception: Reception,
    private readonly unusable: UnusableMessages,
    private readonly metrics: NamedRoomsMetrics,
    clock: Clock,
  ) {
    this.requireProof = settings.roomsRequireProof;
    this.unregistered = new Deadlines(clock, settings.roomsRegisterTimeout, (visitor) =>
      visitor.close(CloseCode.NeverRegistered, 'never registered'),
    );
  }

  opened(visitor: Visitor): void {
    this.unregistered.add(visitor);
  }

  received(visitor: Visitor, data: Buffer, isBinary: boolean): void {
    const { backlog } = visitor.session;
    if (backlog) return backlog.add(data, isBinary);
    try {
      this.handle(visitor, parseFrame(data, isBinary));
    } catch (error) {
      if (!(error instanceof RoomError)) throw error;
      this.refuse(visitor, error);
    }
  }

  left(visitor: Visitor): void {
    this.unregistered.delete(visitor);
    const { registered } = visitor.session;
    if (registered) this.rooms.leave(registered.room, registered.id, visitor);
  }

  /** @throws RoomError */
  private handle(visitor: Visitor, frame: ClientFrame): void {
    switch (frame.type) {
      case 'register':
        return this.register(visitor, frame.publicKey, frame.proof);
      case 'prove':
        return this.prove(visitor, frame.signature);
      case 'offer':
      case 'answer':
      case 'ice-candidate':
        return this.relay(visitor, frame);
    }
  }

  /** Registering anew voids a challenge that was not answered. */
  private register(visitor: Visitor, publicKey: string, offersProof: boolean): void {
    const visit = visitor.session;
    if (visit.registered) throw new RoomError('already_registered');
    visit.challenge = undefined;
    const identity = parseIdentity(publicKey);
    if (!offersProof && !this.requireProof) return this.letIn(visitor, identity, false);
    if (!isProvable(identity.key)) throw new RoomError('bad_key', 'there is no proof for this kind of key');
    const nonce = newNonce();
    visit.challenge = { identity, nonce };
    visitor.send(challengeFrame(nonce));
  }

  private prove(visitor: Visitor, signature: string): void {
    const visit = visitor.session;
    if (visit.registered) throw new RoomError('already_registered');
    const { challenge } = visit;
    visit.challenge = undefined; // a nonce serves once, right or wrong
    if (!challenge || !proves(challenge.identity.key, visit.room, challenge.nonce, signature))
      throw new RoomError('bad_proof');
    this.letIn(visitor, challenge.identity, true);
  }

  private relay({ session }: Visitor, frame: RelayFrame): void {
    if (!session.registered) throw new RoomError('not_registered');
    const { room, id } = session.registered;
    const peer = frame.to === id ? undefined : room.members.get(frame.to);
    if (!peer) throw new RoomError('unknown_peer');
    peer.send(relayFrame(frame, id));
    this.metrics.relayed.add(frame.type);
  }

  /** What the visitor sends until that is decided waits. */
  private letIn(visitor: Visitor, identity: Identity, isProven: boolean): void {
    const visit = visitor.session;
    const backlog = (visit.backlog = new MessageBacklog(visitor));
    const replay = (): void => {
      visit.backlog = undefined;
      backlog.replay((data, isBinary) => {
        if (!visitor.ended) this.received(visitor, data, isBinary);
      });
    };
    this.enter(visitor, identity, isProven)
      .then(replay)
      .catch((error: unknown) => {
        this.logger.error(error);
        visitor.close(CloseCode.InternalError, 'internal error');
      });
  }

  private async enter(visitor: Visitor, identity: Identity, isProven: boolean): Promise<void> {
    const id = identity.fingerprint;
    try {
      const room = await this.reception.enter(visitor, identity, isProven);
      if (visitor.ended) return this.rooms.leave(room, id, visitor); // it went meanwhile
      visitor.session.registered = { room, id };
      this.unregistered.delete(visitor);
    } catch (error) {
      if (!(error instanceof RoomError)) reportFault(this.logger, error);
      this.refuse(visitor, error instanceof RoomError ? error : new RoomError('unavailable'));
    }
  }

  private refuse(visitor: Visitor, { code, message, misuse }: RoomError): void {
    this.metrics.errors.add(code);
    visitor.send(errorFrame(code, message));
    if (misuse) this.unusable.count(visitor);
  }
}
