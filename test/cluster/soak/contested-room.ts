import { randomUUID } from 'node:crypto';
import { eventually } from '../../support/eventually.js';
import type { WsClient } from '../../support/ws-client.js';
import { expectBusy } from '../fault-rooms.js';
import { PATIENCE } from '../two-nodes.js';
import type { Random } from './random.js';
import { Visitor } from './visitor.js';

const RIVALS = 2;
const SIDES = ['A', 'B'] as const;

/** A room of two on each side of which several want to be. */
export class ContestedRoom {
  private readonly id = randomUUID();
  private readonly sides: readonly (readonly Visitor[])[];

  constructor(
    private readonly nodes: readonly { ws: string }[],
    random: Random,
  ) {
    this.sides = SIDES.map((side) => {
      const path = `/ws?appID=${this.id}&side=${side}`;
      const arrived = (socket: WsClient): void => socket.send({ type: 'hello', side });
      return Array.from({ length: RIVALS }, () => new Visitor(nodes, path, random.fork(), { arrived }));
    });
    for (const rival of this.rivals) rival.begin();
  }

  get rivals(): Visitor[] {
    return this.sides.flat();
  }

  /** When all is healed: one on each side stays and reaches the other; whoever else is there is refused. */
  async verify(): Promise<void> {
    const frame = `{"type":"ice","mark":"${randomUUID()}"}`;
    await eventually(() => {
      const [a, b] = this.sides.map(onlyOne) as [WsClient, WsClient];
      for (const socket of [a, b]) socket.send(frame);
      for (const socket of [a, b]) expect(socket.frames).toContain(frame);
    }, PATIENCE);
    for (const node of this.nodes) await eventually(() => expectBusy(node, this.id), PATIENCE);
    for (const rival of this.rivals) rival.begin();
  }
}

/**
 * The one of these that is there, none of which comes back: those who wait are refused after two seconds, so two who
 * stay both hold the side.
 */
function onlyOne(rivals: readonly Visitor[]): WsClient {
  const there = rivals.filter(({ present }) => present);
  if (there.length === 0)
    rivals[0]!.begin(); // all had just been refused
  else for (const rival of rivals) rival.stay();
  expect(there).toHaveLength(1);
  const { open } = there[0]!;
  if (!open) throw new Error('still on its way');
  return open;
}
