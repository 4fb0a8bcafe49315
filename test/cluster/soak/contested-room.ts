import { randomUUID } from 'node:crypto';
import type { Side } from '../../e2e/signaling/peers.js';
import { eventually } from '../../support/eventually.js';
import type { WsClient } from '../../support/ws-client.js';
import { expectBusy, relays } from '../fault-rooms.js';
import { PATIENCE } from '../two-nodes.js';
import type { Random } from './random.js';
import { Visitor } from './visitor.js';

const RIVALS = 2;

/** A room of two on each side of which several want to be. */
export class ContestedRoom {
  private readonly id = randomUUID();
  readonly rivals: readonly Visitor[];

  constructor(
    private readonly nodes: readonly { ws: string }[],
    random: Random,
  ) {
    this.rivals = (['A', 'B'] as const).flatMap((side) => {
      const path = `/ws?appID=${this.id}&side=${side}`;
      const arrived = (socket: WsClient): void => socket.send({ type: 'hello', side });
      return Array.from({ length: RIVALS }, () => new Visitor(nodes, path, random.fork(), { arrived }));
    });
    for (const rival of this.rivals) rival.begin();
  }

  /** When all is healed: one on each side stays, whoever else is there is refused; and the two reach each other. */
  async verify(): Promise<void> {
    const [a, b] = [await this.holder('A'), await this.holder('B')];
    await relays(a, b);
    await relays(b, a);
    for (const node of this.nodes) await eventually(() => expectBusy(node, this.id), PATIENCE);
    for (const rival of this.rivals) rival.begin();
  }

  /** Those who wait are refused after two seconds, so that two who stay both hold the side. */
  private async holder(side: Side): Promise<WsClient> {
    const rivals = side === 'A' ? this.rivals.slice(0, RIVALS) : this.rivals.slice(RIVALS);
    return eventually(() => {
      const [holder, ...others] = rivals.flatMap(({ open }) => open ?? []);
      if (!holder) {
        rivals[0]!.begin(); // the others had just been refused
        return false;
      }
      for (const rival of rivals) rival.stay();
      expect(others).toHaveLength(0);
      return holder;
    }, PATIENCE);
  }
}
