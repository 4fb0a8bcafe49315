// CPU µs per connection, from the SYN until a first frame has crossed the room.
import { TARGETS } from '../plan.mjs';
import { costPerUnit, inRounds, Samples, takeTurns } from './rounds.mjs';
import { compared } from './rows.mjs';

const NAMES = ['bare', 'signalbox', 'peerjs'];

export async function setupSuite({ setup: { rounds, turns, warm, rooms } }) {
  const samples = new Samples();
  await inRounds(NAMES, rounds, async (subjects) => {
    for (const { server, load } of subjects) {
      await load.open(server, warm);
      await load.close();
    }
    await takeTurns(subjects, turns, async ({ name, server, load }) => {
      samples.add('setup', name, await costPerUnit(server, rooms * 2, () => load.open(server, rooms)));
      await load.close();
    });
  });
  return [compared('connection set-up', 'µs/connection', samples.of('setup'), 'bare', TARGETS.setup)];
}
