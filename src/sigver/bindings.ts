import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RoomRegistry } from '../core/rooms/room-registry.js';
import { type Content, contentFrame } from './content.js';
import type { Binding, Peer } from './session.js';
import { SigverMetrics } from './sigver.metrics.js';

/** Signaling ids are below it: netflux makes its own ids above, so that the two never clash. */
const MAX_ID = 2 ** 31;

/**
 * What a binding's one end tells the other, as `<verb> <signaling id> [<member id of the joiner>]`: a joiner is bound
 * to you; I send nothing more; I have another member now; my socket has ended.
 */
type Verb = 'bind' | 'cut' | 'drop' | 'gone';

/** The ways between joiners and members. Each end keeps its own view, as they may be on two nodes. */
@Injectable()
export class Bindings {
  /** Of this node's joiners. */
  private readonly ids = new Set<number>();

  constructor(
    private readonly rooms: RoomRegistry,
    private readonly metrics: SigverMetrics,
  ) {}

  /** Binds the joiner to a member; its former binding ends without a word to either client. */
  bind(joiner: Peer, member: string): void {
    const { session } = joiner;
    if (session.joining) this.tell(session.joining, 'drop');
    this.forgetJoining(joiner);
    const binding = { id: this.newId(), partner: member, sends: true, receives: true };
    session.joining = binding;
    this.tell(binding, 'bind', joiner.id);
  }

  /** Passes a content on: to the peer's member, and to the joiner that it is for. */
  relay({ session: { joining, joiners } }: Peer, { recipientId, lastData, data }: Content): void {
    const joiner = joiners.get(recipientId);
    if (joining?.sends) this.pass(joining, contentFrame(joining.id, 0, data), lastData);
    if (joiner?.sends) this.pass(joiner, contentFrame(0, joiner.id, data), lastData);
    if (!joining?.sends && !joiner?.sends) this.metrics.contents.add('dropped');
  }

  /** The other end of a binding of this peer says something. */
  noted(peer: Peer, note: string): void {
    const [verb, number, joiner] = note.split(' ') as [Verb, string, string];
    const id = Number(number);
    const { joining, joiners } = peer.session;
    const binding = joining?.id === id ? joining : joiners.get(id);
    switch (verb) {
      case 'bind':
        joiners.set(id, { id, partner: joiner, sends: true, receives: true });
        this.rooms.member(joiner); // from now on its node is looked at
        return;
      case 'cut':
        if (binding) binding.receives = false;
        return;
      case 'drop':
        joiners.delete(id);
        return;
      case 'gone':
        if (binding) this.ended(peer, binding);
        return;
    }
  }

  /** The peer's socket has ended. */
  left(peer: Peer): void {
    const { joining, joiners } = peer.session;
    if (joining) this.tell(joining, 'gone');
    this.forgetJoining(peer);
    for (const binding of joiners.values()) this.tell(binding, 'gone');
    joiners.clear();
  }

  /** The ids of those that the peer is bound to, either way. */
  partnersOf({ session: { joining, joiners } }: Peer): Set<string> {
    const bound = [...joiners.values(), ...(joining ? [joining] : [])];
    return new Set(bound.map(({ partner }) => partner));
  }

  /** A socket of another node has ended, and that node cannot say so itself any more. */
  partnerGone(peer: Peer, partner: string): void {
    const { joining, joiners } = peer.session;
    if (joining?.partner === partner) this.ended(peer, joining);
    for (const binding of joiners.values()) if (binding.partner === partner) this.ended(peer, binding);
  }

  private pass(binding: Binding, frame: Buffer, isLast: boolean): void {
    this.rooms.member(binding.partner)?.send(frame);
    this.metrics.contents.add('relayed');
    if (!isLast) return;
    binding.sends = false;
    this.tell(binding, 'cut');
  }

  /** The partner has ended: unless it has said its last already, the client gets an end mark, which is an empty content. */
  private ended(peer: Peer, binding: Binding): void {
    const { session } = peer;
    const isJoiner = binding === session.joining;
    if (isJoiner) this.forgetJoining(peer);
    else session.joiners.delete(binding.id);
    if (!binding.receives) return;
    peer.send(isJoiner ? contentFrame(0, binding.id) : contentFrame(binding.id, 0));
    this.metrics.contents.add('end_mark');
  }

  private tell({ id, partner }: Binding, verb: Verb, joiner = ''): void {
    this.rooms.member(partner)?.note(`${verb} ${id} ${joiner}`);
  }

  private forgetJoining({ session }: Peer): void {
    if (session.joining) this.ids.delete(session.joining.id);
    session.joining = undefined;
  }

  private newId(): number {
    let id;
    do id = randomInt(1, MAX_ID);
    while (this.ids.has(id));
    this.ids.add(id);
    return id;
  }
}
