import { Injectable, Logger } from '@nestjs/common';
import { CloseCode } from '../core/errors.js';
import { reportFault } from '../core/report-fault.js';
import { nodeOf } from '../core/rooms/member.js';
import { RoomRegistry } from '../core/rooms/room-registry.js';
import { MessageBacklog } from '../core/websocket/backlog.js';
import { Bindings } from './bindings.js';
import { Heartbeats } from './heartbeats.js';
import { Joining } from './joining.js';
import type { Peer } from './session.js';
import { BadFrame, type ClientFrame, type Connect, isHeartbeat, parseFrame, SigverClose } from './sigver.frames.js';
import { SigverMetrics } from './sigver.metrics.js';

/** What a socket's messages lead to. */
@Injectable()
export class SigverService {
  private readonly logger = new Logger(SigverService.name);
  private readonly peers = new Set<Peer>();

  constructor(
    private readonly rooms: RoomRegistry,
    private readonly joining: Joining,
    private readonly bindings: Bindings,
    private readonly heartbeats: Heartbeats,
    private readonly metrics: SigverMetrics,
  ) {
    rooms.onGone((node) => this.nodeGone(node));
  }

  opened(peer: Peer): void {
    if (!peer.session.hasGoodKey) return this.close(peer, SigverClose.BadKey, 'the key has 1 to 512 characters');
    this.peers.add(peer);
    this.metrics.peers = this.peers.size;
    this.heartbeats.begin(peer);
  }

  received(peer: Peer, data: Buffer, isBinary: boolean): void {
    const { backlog } = peer.session;
    // Alone in that it waits for nothing: a slow decision must not look like a client that has gone silent.
    if (isBinary && isHeartbeat(data)) this.heartbeats.received(peer);
    else if (backlog) backlog.add(data, isBinary);
    else this.handle(peer, data, isBinary);
  }

  noted(peer: Peer, note: string): void {
    this.bindings.noted(peer, note);
  }

  left(peer: Peer): void {
    const { group } = peer.session;
    this.peers.delete(peer);
    this.metrics.peers = this.peers.size;
    this.heartbeats.end(peer);
    if (group) this.rooms.leave(group, peer.id, peer);
    this.bindings.left(peer);
  }

  /** Another node has gone, and all its sockets: who was bound to one of them gets the end mark from here. */
  private nodeGone(node: string): void {
    for (const peer of this.peers) {
      for (const partner of this.bindings.partnersOf(peer)) {
        if (nodeOf(partner) === node) this.bindings.partnerGone(peer, partner);
      }
    }
  }

  private handle(peer: Peer, data: Buffer, isBinary: boolean): void {
    const connect = this.take(peer, data, isBinary);
    if (!connect) return;
    this.decideAll(peer, connect).catch((error: unknown) => {
      reportFault(this.logger, error);
      peer.close(CloseCode.OverCapacity, 'the group cannot be asked, come back later');
    });
  }

  /** Decides on one `connect` after the other; what the client sends meanwhile waits for its turn. */
  private async decideAll(peer: Peer, first: Connect): Promise<void> {
    const backlog = new MessageBacklog(peer);
    peer.session.backlog = backlog;
    for (let connect: Connect | undefined = first; connect; connect = this.catchUp(peer, backlog)) {
      await this.joining.connect(peer, connect);
    }
    peer.session.backlog = undefined;
  }

  /** Handles what waits, up to the next `connect`, which it returns. */
  private catchUp(peer: Peer, backlog: MessageBacklog): Connect | undefined {
    for (let next = backlog.take(); next && !peer.ended; next = backlog.take()) {
      const connect = this.take(peer, next.data, next.isBinary);
      if (connect) return connect;
    }
    return undefined;
  }

  /** Does what can be done at once; returns the `connect` that cannot. */
  private take(peer: Peer, data: Buffer, isBinary: boolean): Connect | undefined {
    const frame = isBinary ? this.parse(peer, data) : this.close(peer, SigverClose.BadMessage, 'text message');
    switch (frame?.type) {
      case 'connect':
        return frame;
      case 'content':
        this.bindings.relay(peer, frame);
        return undefined;
      case 'heartbeat':
        this.heartbeats.received(peer);
        return undefined;
      case 'connected': // the server's to say; no harm in it
      case undefined:
        return undefined;
    }
  }

  private parse(peer: Peer, data: Buffer): ClientFrame | undefined {
    try {
      return parseFrame(data);
    } catch (error) {
      if (!(error instanceof BadFrame)) throw error;
      return this.close(peer, SigverClose.BadMessage, error.message);
    }
  }

  private close(peer: Peer, code: number, reason: string): undefined {
    this.metrics.closes.add(String(code));
    peer.close(code, reason);
  }
}
