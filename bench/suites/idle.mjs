// Resident memory of the whole server process with many peers connected and nothing to do.
import { setTimeout as sleep } from 'node:timers/promises';
import { TARGETS } from '../plan.mjs';
import { inRounds, Samples } from './rounds.mjs';
import { compared } from './rows.mjs';

const NAMES = ['bare', 'signalbox', 'peerjs'];
const MIB = 2 ** 20;
const KIB = 2 ** 10;

export async function idleSuite({ idle: { rounds, sockets, settleMs } }) {
  const samples = new Samples();
  await inRounds(NAMES, rounds, async (subjects) => {
    for (const { name, server, load } of subjects) {
      const empty = server.rss();
      await load.open(server, sockets / 2);
      await sleep(settleMs);
      const full = server.rss();
      samples.add('total', name, full / MIB);
      samples.add('each', name, (full - empty) / sockets / KIB);
      await load.close();
    }
  });
  return [
    compared(`RSS, ${sockets} idle sockets`, 'MiB', samples.of('total'), 'bare', TARGETS.idle),
    compared('  its growth, per socket', 'KiB', samples.of('each'), 'bare'),
  ];
}
