import { inBatches } from '../../core/rooms/in-batches.js';
import { nodeOf } from '../../core/rooms/member.js';
import {
  type Change,
  type Claim,
  type Entry,
  RoomDirectory,
  type Roster,
  type Terms,
} from '../../core/rooms/room-directory.js';
import { CHANNEL_PREFIX, type RedisNodeBus } from './redis-node-bus.js';
import type { RedisLink } from './redis-link.js';
import { parseAnswer, parseRecord, roomKey } from './room-records.js';

/** How long a room is remembered after it was last changed or kept, in ms: three turns of those who keep it. */
const LIFE_MS = 90_000;

/**
 * One hash per room, changed by scripts which tell every other node that has claims in it. This node hears of that on the
 * connection on which it gets its answers, so that both have the order in which Redis did it.
 */
export class RedisRoomDirectory extends RoomDirectory {
  private readonly enterRoom;
  private readonly leaveRoom;
  private readonly restoreRoom;

  /** @param node this node's id */
  constructor(
    private readonly link: RedisLink,
    private readonly bus: RedisNodeBus,
    private readonly node: string,
  ) {
    super();
    this.enterRoom = link.orderedScript('room', 'enter-room');
    this.leaveRoom = link.orderedScript('room', 'leave-room');
    this.restoreRoom = link.orderedScript('room', 'restore-room');
  }

  get reachable(): boolean {
    return this.link.up;
  }

  /** Resolves when the other nodes know of it: what they have for the member finds its way from then on. */
  async enter(room: string, claim: Claim, terms: Terms, settle: (entry: Entry) => void): Promise<void> {
    let others: string[] = [];
    const settleEntered = (entry: Entry): void => {
      others = this.othersIn(entry);
      settle(entry);
    };
    const refused = await this.tryEnter(room, claim, terms, settleEntered);
    if (refused) {
      const again = refused.outcome === 'changed' ? undefined : await this.makeWay(room, claim, terms, refused);
      if (!again || (await this.tryEnter(room, claim, again, settleEntered))) settle(refused);
    }
    await this.bus.heardBy(others);
  }

  async leave(room: string, { place, member }: Claim, settle: (revision: number) => void): Promise<void> {
    this.bus.flush();
    await this.leaveRoom([roomKey(room)], [...this.caller, place, member], (reply) =>
      settle(parseAnswer(reply).revision),
    );
  }

  async restore(room: string, node: string, claims: readonly Claim[], settle: (roster: Roster) => void): Promise<void> {
    const listed = claims.flatMap(({ place, member, card }) => [place, member, card]);
    await this.restoreRoom([roomKey(room)], [...this.caller, node, claims.length, ...listed], (reply) =>
      settle(parseAnswer(reply)),
    );
  }

  async look(room: string): Promise<Roster> {
    return parseRecord(await this.link.command((redis) => redis.hgetall(roomKey(room))));
  }

  async keep(rooms: readonly string[]): Promise<string[]> {
    const forgotten: string[] = [];
    await inBatches(rooms, async (room) => {
      const kept = await this.link.command((redis) => redis.pexpire(roomKey(room), LIFE_MS));
      if (kept === 0) forgotten.push(room);
    });
    return forgotten;
  }

  onChange(listener: (change: Change) => void): void {
    this.bus.onChange(listener);
  }

  onReturn(listener: () => void): void {
    this.bus.onReturn(listener);
  }

  /** The other nodes that have members in the room. */
  private othersIn({ claims }: Roster): string[] {
    const nodes = new Set(Array.from(claims.values(), ({ member }) => nodeOf(member)));
    nodes.delete(this.node);
    return [...nodes];
  }

  /** Whom the scripts need not tell, and what else they have to know. */
  private get caller(): [string, string, number] {
    return [CHANNEL_PREFIX, this.node, LIFE_MS];
  }

  /** Resolves to the answer unless the place was entered, which is what `settle` is told. */
  private async tryEnter(
    room: string,
    { place, member, card }: Claim,
    { capacity, revision, replacing }: Terms,
    settle: (entry: Entry) => void,
  ): Promise<Entry | undefined> {
    let refused: Entry | undefined;
    const terms = [capacity ?? '', revision ?? '', replacing === undefined ? 0 : 1, replacing ?? ''];
    this.bus.flush();
    await this.enterRoom([roomKey(room)], [...this.caller, place, member, card, ...terms], (reply) => {
      const entry = parseAnswer(reply);
      if (entry.outcome === 'entered') settle(entry);
      else refused = entry;
    });
    return refused;
  }

  /** Ends claims of nodes that are gone. Resolves to the terms on which to try again; undefined when nobody makes way. */
  private async makeWay(room: string, claim: Claim, terms: Terms, refused: Entry): Promise<Terms | undefined> {
    const { claims, revision } = refused;
    const { gone, retiring } = await this.bus.judge(this.othersIn(refused));
    for (const node of gone) await this.restore(room, node, [], ignore);
    if (gone.length > 0) return terms;
    const holder = claims.get(claim.place);
    const yields = holder !== undefined && retiring.includes(nodeOf(holder.member)) && terms.replacing === undefined;
    return yields ? { ...terms, revision, replacing: claim.place } : undefined;
  }
}

function ignore(): void {}
