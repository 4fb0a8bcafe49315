import { displacement } from '../e2e/named-rooms/scenarios/displacement.js';
import { proof } from '../e2e/named-rooms/scenarios/proof.js';
import { registering } from '../e2e/named-rooms/scenarios/registering.js';
import { relaying } from '../e2e/named-rooms/scenarios/relaying.js';
import { rosters } from '../e2e/named-rooms/scenarios/rosters.js';
import { sharedCluster } from './shared-cluster.js';

jest.setTimeout(120_000);

describe('named rooms over two nodes', () => {
  const shared = sharedCluster();

  const nodes = () => [shared.cluster.node(0).ws, shared.cluster.node(1).ws] as const;

  describe('registering', () => registering(nodes));
  describe('rosters', () => rosters(nodes));
  describe('relaying', () => relaying(nodes));
  describe('proof', () => proof(nodes));
  describe('one key twice', () => displacement(nodes));
});
