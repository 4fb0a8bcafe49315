// CPU µs per connection, from the SYN to its first frame; and again until a frame has crossed the room.
import { TARGETS } from '../plan.mjs';
import { costPerUnit, inRounds, Samples, takeTurns } from './rounds.mjs';
import { compared } from './rows.mjs';

const NAMES = ['bare', 'signalbox', 'peerjs'];

export async function setupSuite({ setup: { rounds, turns, warm, sockets } }) {
  const samples = new Samples();
  await inRounds(NAMES, rounds, async (subjects) => {
    for (const { server, load } of subjects) {
      await load.open(server, warm);
      await load.close();
    }
    await takeTurns(subjects, turns, async ({ name, server, load }) => {
      samples.add('alone', name, await costPerUnit(server, sockets, () => load.openLoners(server, sockets)));
      await load.close();
      samples.add('met', name, await costPerUnit(server, sockets, () => load.open(server, sockets / 2)));
      await load.close();
    });
  });
  return [
    compared('connection set-up', 'µs/connection', samples.of('alone'), 'bare', TARGETS.setup),
    compared('  and meeting its peer', 'µs/connection', samples.of('met'), 'bare'),
  ];
}
