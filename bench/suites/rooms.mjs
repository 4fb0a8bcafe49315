// Does a message cost more when more rooms are open? A server per number of rooms, taking turns. The number of frames in
// flight is the same for all and wanders over all rooms, so that only the rooms differ and not how much there is to do
// per wake-up.
import { SMALL } from '../load/protocols.mjs';
import { pairedRatio, summary } from '../measure/stats.mjs';
import { TARGETS } from '../plan.mjs';
import { costPerUnit, inRounds, Samples, takeTurns } from './rounds.mjs';

const NAMES = ['signalbox', 'bare'];

export async function roomsSuite({ rooms: { rounds, turns, points, lanes, warm, frames } }) {
  const samples = new Samples();
  const names = points.flatMap(() => NAMES);
  await inRounds(names, rounds, async (subjects) => {
    subjects.forEach((subject, i) => (subject.point = points[Math.floor(i / NAMES.length)]));
    for (const { server, load, point } of subjects) {
      await load.open(server, point);
      await load.relay({ frames: warm, size: SMALL, lanes });
    }
    await takeTurns(subjects, turns, async ({ name, server, load, point }) => {
      const cost = await costPerUnit(server, frames, () => load.relay({ frames, size: SMALL, lanes }));
      samples.add(point, name, cost);
    });
  });
  return points.map((point) => row(point, points[0], samples));
}

function row(point, first, samples) {
  const here = samples.of(point);
  const subjects = Object.fromEntries(NAMES.map((name) => [name, summary(here[name])]));
  const common = { name: `200 B, ${point} rooms`, unit: 'µs/message', subjects };
  if (point === first) return common;
  const ratio = pairedRatio(here.signalbox, samples.of(first).signalbox);
  const met = Math.abs(ratio.median - 1) <= TARGETS.flat;
  return { ...common, reference: `itself, ${first} rooms`, ratio, target: 1 + TARGETS.flat, met };
}
