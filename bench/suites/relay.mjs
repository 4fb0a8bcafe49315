// CPU µs per relayed message.
import { RELAY_LOADS } from '../plan.mjs';
import { costPerUnit, inRounds, Samples, takeTurns } from './rounds.mjs';
import { compared } from './rows.mjs';

const NAMES = ['bare', 'signalbox', 'peerjs'];

export async function relaySuite({ relay: { rounds, turns, rooms, warm, frames } }) {
  const samples = new Samples();
  await inRounds(NAMES, rounds, async (subjects) => {
    for (const { server, load } of subjects) await load.open(server, rooms);
    for (const { name: row, share, size, window, cork } of RELAY_LOADS) {
      const count = frames * share;
      for (const { load } of subjects) await load.relay({ frames: warm, size, window, cork });
      await takeTurns(subjects, turns, async ({ name, server, load }) => {
        const work = () => load.relay({ frames: count, size, window, cork });
        samples.add(row, name, await costPerUnit(server, count, work));
      });
    }
  });
  return RELAY_LOADS.map(({ name, target }) => compared(name, 'µs/message', samples.of(name), 'bare', target));
}
