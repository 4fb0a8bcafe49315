// CPU µs per content that Sigver relays from a joiner to its member.
import { SIGVER_LOADS } from '../plan.mjs';
import { costPerUnit, inRounds, Samples, takeTurns } from './rounds.mjs';
import { compared } from './rows.mjs';

const NAMES = ['protobuf', 'sigver'];

export async function sigverSuite({ sigver: { rounds, turns, rooms, warm, frames } }) {
  const samples = new Samples();
  await inRounds(NAMES, rounds, async (subjects) => {
    for (const { server, load } of subjects) await load.open(server, rooms);
    for (const { name: row, share, size, window } of SIGVER_LOADS) {
      const count = frames * share;
      for (const { load } of subjects) await load.relay({ frames: warm, size, window });
      await takeTurns(subjects, turns, async ({ name, server, load }) => {
        const cost = await costPerUnit(server, count, () => load.relay({ frames: count, size, window }));
        samples.add(row, name === 'sigver' ? 'signalbox' : name, cost);
      });
    }
  });
  return SIGVER_LOADS.map(({ name, target }) => compared(name, 'µs/message', samples.of(name), 'protobuf', target));
}
