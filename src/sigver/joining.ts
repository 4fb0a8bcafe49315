import { Injectable } from '@nestjs/common';
import type { Room } from '../core/rooms/room.js';
import { RoomRegistry } from '../core/rooms/room-registry.js';
import { Bindings } from './bindings.js';
import { type Card, decide, type Decision } from './group.js';
import type { Peer } from './session.js';
import { type Connect, CONNECTED, NOT_CONNECTED, SigverClose } from './sigver.frames.js';
import { SigverMetrics } from './sigver.metrics.js';

interface Group {
  revision: number;
  roster: ReadonlyMap<string, Card>;
}

/** Carries out what becomes of a joiner. A peer's place in its group is its member id. */
@Injectable()
export class Joining {
  constructor(
    private readonly rooms: RoomRegistry,
    private readonly bindings: Bindings,
    private readonly metrics: SigverMetrics,
  ) {}

  /** Answers a `connect`; rejects when the directory of the groups cannot be asked. */
  async connect(peer: Peer, { id, members }: Connect): Promise<void> {
    const { session } = peer;
    const card = JSON.stringify({ id, favored: session.favored } satisfies Card);
    for (let isFirstTry = true; !peer.ended; isFirstTry = false) {
      const { revision, roster } = await this.look(session.roomKey, isFirstTry);
      if (peer.ended) return;
      this.forgetGone(session.tried, roster);
      const decision = decide(roster, { place: peer.id, tried: session.tried }, members);
      if (decision.outcome === 'bound') return this.bind(peer, decision);
      const replacing = decision.outcome === 'replaces' ? decision.place : undefined;
      const entrance = await this.rooms.enter(session.roomKey, peer.id, peer, { card, revision, replacing });
      if (entrance.outcome === 'entered') return this.joined(peer, entrance.room, decision);
    }
  }

  /** The group as this node's own copy has it. Without one, or where that proved to be old, the directory is asked. */
  private async look(roomKey: string, mayBeCopy: boolean): Promise<Group> {
    const copy = mayBeCopy ? this.rooms.get(roomKey) : undefined;
    if (copy) return { revision: copy.revision, roster: parsed(copy.cards) };
    const { revision, claims } = await this.rooms.look(roomKey);
    return { revision, roster: parsed(Array.from(claims.values(), ({ place, card }) => [place, card])) };
  }

  private joined(peer: Peer, group: Room, decision: Decision): void {
    if (peer.ended) return this.rooms.leave(group, peer.id, peer);
    peer.session.group = group;
    peer.session.tried.clear();
    this.metrics.connects.add(decision.outcome);
    peer.send(CONNECTED);
    if (decision.outcome !== 'replaces') return;
    const farewell = { code: SigverClose.Replaced, reason: 'replaced by a peer that could not reach this one' };
    this.metrics.closes.add(String(farewell.code));
    void this.rooms.member(decision.place)?.evict(farewell);
  }

  private bind(peer: Peer, { outcome, place, anew }: Extract<Decision, { outcome: 'bound' }>): void {
    const { session } = peer;
    if (session.group) this.rooms.leave(session.group, peer.id, peer);
    session.group = undefined;
    if (anew) session.tried.clear();
    session.tried.add(place);
    this.bindings.bind(peer, place);
    this.metrics.connects.add(outcome);
    peer.send(NOT_CONNECTED);
  }

  /** Sockets that have ended never come back, and would be remembered as long as this one lives. */
  private forgetGone(tried: Set<string>, roster: Group['roster']): void {
    for (const place of tried) if (!roster.has(place) && !this.rooms.member(place)) tried.delete(place);
  }
}

function parsed(cards: Iterable<readonly [string, string]>): Map<string, Card> {
  return new Map(Array.from(cards, ([place, card]) => [place, JSON.parse(card) as Card]));
}
