import type { Member } from './member.js';

/** A room as this node sees it: who is in it, by the place they hold. */
export class Room<M extends Member = Member> {
  readonly members = new Map<string, M>();

  /**
   * @param key unique among all rooms of all protocols
   * @param since when its first member came, in ms since the epoch
   */
  constructor(
    readonly key: string,
    readonly since: number,
  ) {}
}
