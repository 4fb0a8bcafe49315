// CPU µs for one code minted and redeemed: two requests.
import { TARGETS } from '../plan.mjs';
import { costPerUnit, inRounds, Samples, takeTurns } from './rounds.mjs';
import { compared } from './rows.mjs';

const NAMES = ['codes', 'signalbox'];

export async function httpSuite({ http: { rounds, turns, warm, pairs } }) {
  const samples = new Samples();
  await inRounds(NAMES, rounds, async (subjects) => {
    for (const { server, load } of subjects) await load.codes(server, warm);
    await takeTurns(subjects, turns, async ({ name, server, load }) => {
      samples.add('http', name, await costPerUnit(server, pairs, () => load.codes(server, pairs)));
    });
  });
  return [compared('mint + redeem', 'µs/pair', samples.of('http'), 'codes', TARGETS.http)];
}
