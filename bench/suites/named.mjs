// Named rooms: CPU µs per relayed message, and per peer of a room whose peers all join at once.
import { LARGE } from '../load/protocols.mjs';
import { pairedRatio, summary } from '../measure/stats.mjs';
import { TARGETS } from '../plan.mjs';
import { costPerUnit, inRounds, Samples, takeTurns } from './rounds.mjs';
import { compared } from './rows.mjs';

const NAMES = ['bare-rooms', 'signalbox'];

const LOADS = [
  { name: 'named room, 3 KB, 1 in flight', size: LARGE, window: 1 },
  { name: 'named room, 3 KB, 16 in flight', size: LARGE, window: 16 },
];

export async function namedSuite({ named: { rounds, turns, rooms, warm, frames, crowd, sizes, warmCrowds } }) {
  const samples = new Samples();
  await inRounds(NAMES, rounds, async (subjects) => {
    await relays(subjects, samples, { turns, rooms, warm, frames });
    await crowds(subjects, samples, { turns, crowd, sizes, warmCrowds });
  });
  const relayed = LOADS.map(({ name }) =>
    compared(name, 'µs/message', samples.of(name), 'bare-rooms', TARGETS.namedRelay),
  );
  return [...relayed, ...sizes.map((size) => crowdRow(size, sizes[0], samples))];
}

async function relays(subjects, samples, { turns, rooms, warm, frames }) {
  for (const { server, load } of subjects) await load.open({ protocol: 'named', port: server.port }, rooms);
  for (const { name: row, size, window } of LOADS) {
    for (const { load } of subjects) await load.relay({ frames: warm, size, window });
    await takeTurns(subjects, turns, async ({ name, server, load }) => {
      samples.add(row, name, await costPerUnit(server, frames, () => load.relay({ frames, size, window })));
    });
  }
  for (const { load } of subjects) await load.close();
}

/** Always as many peers in all, in one large room or in several small ones: only the size of the rooms differs. */
async function crowds(subjects, samples, { turns, crowd, sizes, warmCrowds }) {
  const join = async ({ name, server, load }, size, keep) => {
    await load.gather(server, crowd / size, size);
    const cost = await costPerUnit(server, crowd, () => load.join());
    if (keep) samples.add(crowdName(size), name, cost);
    await load.disperse();
  };
  for (let i = 0; i < warmCrowds; i++)
    for (const subject of subjects) for (const size of sizes) await join(subject, size);
  await takeTurns(subjects, turns, async (subject) => {
    for (const size of sizes) await join(subject, size, true);
  });
}

const crowdName = (size) => `named room of ${size}, all join at once`;

function crowdRow(size, first, samples) {
  const name = crowdName(size);
  const here = samples.of(name);
  const subjects = Object.fromEntries(NAMES.map((subject) => [subject, summary(here[subject])]));
  const common = { name, unit: 'µs/peer', subjects };
  if (size === first) return common;
  const ratio = pairedRatio(here.signalbox, samples.of(crowdName(first)).signalbox);
  const target = TARGETS.namedCrowd;
  return { ...common, reference: `itself, ${first}`, ratio, target, met: ratio.median <= target };
}
