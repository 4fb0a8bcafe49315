// CPU µs per forwarded voice packet, media process and server together, against node-datachannel and a loop; the same
// with bites to NATS; and the memory of a peer that only is there.
import { setTimeout as sleep } from 'node:timers/promises';
import { TARGETS } from '../plan.mjs';
import { startNats } from '../servers/nats.mjs';
import { costPerUnit, inRounds, Samples, takeTurns } from './rounds.mjs';
import { compared, single } from './rows.mjs';

const NAMES = ['voice', 'signalbox', 'bites'];
const MIB = 2 ** 20;

export async function voiceSuite({ voice: { rounds, turns, points, warm, packets, idle, settleMs } }) {
  const samples = new Samples();
  const nats = await startNats();
  try {
    for (const listeners of points) {
      const env = { bites: { NATS: nats.url } };
      await inRounds(NAMES, rounds, (subjects) => measure(subjects, samples, { listeners, turns, warm, packets }), env);
    }
    await inRounds(['signalbox'], 1, ([subject]) => weigh(subject, samples, { idle, settleMs }));
  } finally {
    nats.stop();
  }
  return [
    ...points.flatMap((listeners) => {
      const { voice, signalbox, bites } = samples.of(listeners);
      const name = `voice, 2 speakers, ${listeners} listeners`;
      return [
        compared(name, 'µs/packet', { voice, signalbox }, 'voice', TARGETS.voice),
        compared('  with bites to NATS', 'µs/packet', { voice, signalbox: bites }, 'voice', TARGETS.bites),
      ];
    }),
    single('RSS, per idle voice peer', 'MiB', samples.of('idle').signalbox, TARGETS.voicePeer),
  ];
}

async function measure(subjects, samples, { listeners, turns, warm, packets }) {
  for (const { server, load } of subjects) {
    await load.openVoices(server, listeners);
    await load.speak({ packets: warm, listeners });
  }
  await takeTurns(subjects, turns, async ({ name, server, load }) => {
    const units = 2 * listeners * packets;
    samples.add(listeners, name, await costPerUnit(server, units, () => load.speak({ packets, listeners })));
  });
}

/** The first peers bring the process and its pools; what the later ones add is theirs. */
async function weigh({ server, load }, samples, { idle, settleMs }) {
  await load.openListeners(server, idle, 0);
  await sleep(settleMs);
  const before = server.rss();
  await load.openListeners(server, idle, idle);
  await sleep(settleMs);
  samples.add('idle', 'signalbox', (server.rss() - before) / idle / MIB);
}
