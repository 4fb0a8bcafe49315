import { cutScenarios } from '../e2e/noisytransfer-clients/scenarios/mailbox-cuts.js';
import { startTwo } from '../support/places.js';
import { killRedisServers } from '../support/redis-server.js';

jest.setTimeout(60_000);

afterAll(killRedisServers);

describe(
  'a mailbox whose connection breaks while the other side, on another node, keeps sending',
  cutScenarios(startTwo),
);
