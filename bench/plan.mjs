// How much is measured, and what is expected of it.
import { LARGE, SMALL } from './load/protocols.mjs';

/** `rounds` start new processes; within a round the subjects alternate for `turns` short slices. */
const FULL = {
  relay: { rounds: 4, turns: 6, rooms: 10, warm: 12_000, frames: 4000 },
  sigver: { rounds: 4, turns: 6, rooms: 10, warm: 12_000, frames: 4000 },
  rooms: { rounds: 3, turns: 6, points: [10, 2000], lanes: 10, warm: 10_000, frames: 4000 },
  setup: { rounds: 4, turns: 5, warm: 400, sockets: 200 },
  named: {
    rounds: 4,
    turns: 5,
    rooms: 10,
    warm: 12_000,
    frames: 4000,
    crowd: 256,
    sizes: [16, 256],
    warmCrowds: 10,
  },
  http: { rounds: 4, turns: 5, warm: 2000, pairs: 500 },
  idle: { rounds: 2, sockets: 5000, settleMs: 3000 },
  cluster: { rounds: 3, turns: 6, rooms: 10, warm: 20_000, frames: 4000, mail: { frames: 2500, perSecond: 500 } },
  voice: { rounds: 2, turns: 4, points: [30, 100], warm: 150, packets: 100, idle: 60, settleMs: 1500 },
};

const QUICK = {
  relay: { ...FULL.relay, rounds: 2, turns: 3 },
  sigver: { ...FULL.sigver, rounds: 2, turns: 3 },
  rooms: { ...FULL.rooms, rounds: 1, turns: 4 },
  setup: { ...FULL.setup, rounds: 2, turns: 3 },
  named: { ...FULL.named, rounds: 2, turns: 4 },
  http: { ...FULL.http, rounds: 2, turns: 4 },
  idle: { ...FULL.idle, rounds: 1, settleMs: 2000 },
  cluster: { ...FULL.cluster, rounds: 1, turns: 5 },
  voice: { ...FULL.voice, rounds: 1, turns: 3 },
};

export const RELAY_LOADS = [
  { name: '200 B, 1 in flight', size: SMALL, window: 1, share: 1, target: 1.05 },
  { name: '200 B, 16 in flight', size: SMALL, window: 16, share: 2, target: 0.35 },
  { name: '200 B, 16 in flight, sender does not cork', size: SMALL, window: 16, share: 2, cork: false },
  { name: '3 KB, 1 in flight', size: LARGE, window: 1, share: 1, target: 1.0 },
];

export const TARGETS = {
  setup: 1.2,
  http: 2.0,
  idle: 1.6,
  flat: 0.15,
  hop: 1.3,
  beside: 1.05,
  mailMs: 2,
  roomBytes: 1024,
  namedRelay: 1.1,
  namedCrowd: 3,
  voice: 1.25,
  bites: 1.5,
  voicePeer: 0.5,
};

export const SIGVER_LOADS = [
  { name: 'Sigver, 200 B, 1 in flight', size: SMALL, window: 1, share: 1, target: 0.8 },
  { name: 'Sigver, 200 B, 16 in flight', size: SMALL, window: 16, share: 2, target: 0.8 },
  { name: 'Sigver, 3 KB, 1 in flight', size: LARGE, window: 1, share: 1, target: 0.8 },
];

export function makePlan({ quick, rounds }) {
  const plan = structuredClone(quick ? QUICK : FULL);
  if (rounds) for (const suite of Object.values(plan)) suite.rounds = rounds;
  return plan;
}
