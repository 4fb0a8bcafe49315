import { randomUUID } from 'node:crypto';
import { eventually } from '../../support/eventually.js';
import { PATIENCE } from '../two-nodes.js';
import { Guest } from './guest.js';
import type { Random } from './random.js';

const GUESTS = 4;

/** A room by name whose guests come and go. */
export class NamedRoom {
  readonly guests: readonly Guest[];

  constructor(nodes: readonly { ws: string }[], random: Random) {
    const name = randomUUID();
    this.guests = Array.from({ length: GUESTS }, () => new Guest(nodes, name, random));
    for (const { visitor } of this.guests) visitor.begin();
  }

  /** When all is healed: everybody is in, knows exactly the others, and reaches each of them. */
  async verify(): Promise<void> {
    const ids = this.guests.map(({ key }) => key.id).sort();
    await eventually(() => {
      for (const { key, roster } of this.guests) expect(roster).toEqual(ids.filter((id) => id !== key.id));
    }, PATIENCE);
    for (const from of this.guests) {
      for (const to of this.guests) if (from !== to) await this.reaches(from, to);
    }
    for (const { wrong } of this.guests) expect(wrong).toEqual([]);
  }

  private async reaches(from: Guest, to: Guest): Promise<void> {
    const sdp = randomUUID();
    await eventually(() => {
      from.visitor.open?.send({ type: 'offer', to: to.key.id, sdp });
      return to.got(JSON.stringify({ type: 'offer', from: from.key.id, sdp }));
    }, PATIENCE);
  }
}
