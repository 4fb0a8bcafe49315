import { bindingScenarios } from '../e2e/sigver/scenarios/bindings.js';
import { byteScenarios } from '../e2e/sigver/scenarios/bytes.js';
import { groupScenarios } from '../e2e/sigver/scenarios/groups.js';
import { netfluxScenarios } from '../e2e/sigver/scenarios/netflux.js';
import type { UrlOf } from '../e2e/sigver/scenarios/peers.js';
import { sharedCluster } from './shared-cluster.js';

jest.setTimeout(300_000);

describe('Sigver over two nodes', () => {
  const shared = sharedCluster();

  const urlOf: UrlOf = (peer, key, query = '') => `${shared.cluster.node(peer).ws}/sigver/${key}${query}`;

  describe('has groups: it', () => groupScenarios(urlOf));
  describe('binds joiners to members: a binding', () => bindingScenarios(urlOf));
  describe('speaks protobuf: it', () => byteScenarios(urlOf));
  describe('serves netflux 4.3.1, which', () => netfluxScenarios(urlOf));
});
