import { Injectable } from '@nestjs/common';
import { Clock } from '../../core/clock.js';
import { LocalMembers } from '../../core/rooms/local-members.js';

/** When and where something happened; of two things the one that {@link isLater} is the later on every node. */
export interface Stamped {
  /** In ms since the epoch, or a little ahead; never twice the same of one node. */
  stamp: number;
  /** The node it happened on; decides between equal stamps. */
  node: string;
}

/** Orders what happens on all nodes: whatever the clocks say, what begins here is later than all that was heard of. */
@Injectable()
export class Stamps {
  readonly node: string;
  private last = 0;

  constructor(
    private readonly clock: Clock,
    { node }: LocalMembers,
  ) {
    this.node = node;
  }

  /** The stamp of what begins now. */
  next(): number {
    this.last = Math.max(this.last + 1, this.clock.now());
    return this.last;
  }

  /** Another node has come this far. */
  heard(stamp: number): void {
    this.last = Math.max(this.last, stamp);
  }
}

export function isLater(one: Stamped, other: Stamped): boolean {
  return one.stamp > other.stamp || (one.stamp === other.stamp && one.node > other.node);
}
