import { mailboxScenarios } from '../e2e/signaling/scenarios/mailbox.js';
import { dialectScenarios } from '../e2e/signaling/scenarios/mailbox-dialects.js';
import { floodScenarios } from '../e2e/signaling/scenarios/mailbox-flood.js';
import { mailFrameScenarios } from '../e2e/signaling/scenarios/mailbox-frames.js';
import { quotaScenarios } from '../e2e/signaling/scenarios/mailbox-quotas.js';
import { watermarkScenarios } from '../e2e/signaling/scenarios/mailbox-watermarks.js';
import { startTwo } from '../support/places.js';
import { killRedisServers } from '../support/redis-server.js';

jest.setTimeout(120_000);

afterAll(killRedisServers);

describe('between nodes, the mailbox', mailboxScenarios(startTwo));
describe('between nodes', dialectScenarios(startTwo));
describe('between nodes', mailFrameScenarios(startTwo));
describe('between nodes, a watermark above any number given out', watermarkScenarios(startTwo));
describe('between nodes, a full mailbox', quotaScenarios(startTwo));
describe('between nodes', floodScenarios(startTwo));
