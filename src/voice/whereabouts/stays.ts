import { isLater, type Stamped } from '../nodes/stamps.js';

/** A user's being in a conversation, from the last join that was let in: when that began, and which node let it in. */
export interface Stay extends Stamped {
  user: string;
  conversation: string;
}

interface Kept extends Stay {
  expiresAt: number;
}

/** How many users are remembered; beyond it the one not heard of for longest goes first. About 200 bytes each, as a rule. */
const MAX_USERS = 100_000;

/** Which user is in which conversation. Bounded, in number and in time. */
export class Stays {
  /** In the order in which they were heard of. */
  private readonly stays = new Map<string, Kept>();

  /** @param ttl how long a user that is not heard of is remembered, in ms */
  constructor(
    private readonly ttl: number,
    private readonly limit = MAX_USERS,
  ) {}

  get size(): number {
    return this.stays.size;
  }

  /** Takes the stay in unless a later one of the user is known; returns whether it did. */
  put({ user, conversation, stamp, node }: Stay, now: number): boolean {
    const known = this.stays.get(user);
    if (known && known.expiresAt > now && !isLater({ stamp, node }, known)) return false;
    this.keep({ user, conversation, stamp, node, expiresAt: now + this.ttl });
    if (this.stays.size > this.limit) this.stays.delete(this.stays.keys().next().value!);
    return true;
  }

  /** Where the user is; asking keeps the memory of it alive. */
  get(user: string, now: number): Stay | undefined {
    const known = this.stays.get(user);
    if (!known || known.expiresAt <= now) return undefined;
    this.keep({ ...known, expiresAt: now + this.ttl });
    return { user, conversation: known.conversation, stamp: known.stamp, node: known.node };
  }

  /** All that this node let in. */
  *of(node: string): Generator<Stay> {
    for (const stay of this.stays.values()) if (stay.node === node) yield stay;
  }

  expire(now: number): number {
    const before = this.stays.size;
    for (const [user, { expiresAt }] of this.stays) {
      if (expiresAt > now) break; // the others were heard of later
      this.stays.delete(user);
    }
    return before - this.stays.size;
  }

  private keep(stay: Kept): void {
    this.stays.delete(stay.user);
    this.stays.set(stay.user, stay);
  }
}
