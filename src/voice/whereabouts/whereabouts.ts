import { Injectable } from '@nestjs/common';
import { Clock } from '../../core/clock.js';
import { Expirable } from '../../core/expirable.js';
import { NodesLink } from '../nodes/nodes-link.js';
import { Stamps } from '../nodes/stamps.js';
import { type Stay, Stays } from './stays.js';
import { StaysLink } from './stays-link.js';

/** How long a user that neither joins nor connects is remembered, in ms: a day, so that a meeting may be joined in the morning. */
const FORGET_AFTER_MS = 24 * 3_600_000;

/** Who moved where; called once for each change, also of users that have no client here. */
export type Move = (user: string, conversation: string) => void;

/**
 * In which conversation each user is: of all its clients, on all nodes. What this node does not know it learns from the
 * others; without NATS it knows all there is. Of two joins the one that was asked for later counts, on every node.
 */
@Injectable()
export class Whereabouts extends Expirable {
  readonly records = 'whereabouts';
  private readonly stays = new Stays(FORGET_AFTER_MS);
  private readonly moves: Move[] = [];
  private readonly link: StaysLink;

  constructor(
    nodes: NodesLink,
    private readonly stamps: Stamps,
    private readonly clock: Clock,
  ) {
    super();
    this.link = new StaysLink(nodes, {
      own: () => this.stays.of(stamps.node),
      find: (user) => this.stays.get(user, this.clock.now()),
      learn: (stays) => stays.forEach((stay) => this.learn(stay)),
    });
  }

  /** Calls `move` with every move from now on. */
  onMove(move: Move): void {
    this.moves.push(move);
  }

  /** The place of a join that begins now among all joins of the user; to be taken before anything is awaited. */
  stamp(): number {
    return this.stamps.next();
  }

  /** Moves the user, here and on every other node, unless a join with a greater stamp has done so already. */
  move(user: string, conversation: string, stamp: number): void {
    const stay = { user, conversation, stamp, node: this.stamps.node };
    if (this.learn(stay)) this.link.tell([stay]);
  }

  /** Where the user is. A user that is not known here is asked for: what the others answer comes as a move. */
  of(user: string): string | undefined {
    const stay = this.stays.get(user, this.clock.now());
    if (!stay) this.link.ask(user);
    return stay?.conversation;
  }

  async expire(now: number): Promise<number> {
    return this.stays.expire(now);
  }

  private learn(stay: Stay): boolean {
    const now = this.clock.now();
    const before = this.stays.get(stay.user, now)?.conversation;
    if (!this.stays.put(stay, now)) return false;
    this.stamps.heard(stay.stamp);
    if (before !== stay.conversation) for (const move of this.moves) move(stay.user, stay.conversation);
    return true;
  }
}
