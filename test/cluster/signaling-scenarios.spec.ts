import { backlogScenarios } from '../e2e/signaling/scenarios/contest-backlog.js';
import { contestScenarios } from '../e2e/signaling/scenarios/contests.js';
import { holdScenarios } from '../e2e/signaling/scenarios/hold.js';
import { ignoredFrameScenarios } from '../e2e/signaling/scenarios/ignored-frames.js';
import { relayScenarios } from '../e2e/signaling/scenarios/relay.js';
import { startTwo } from '../support/places.js';
import { killRedisServers } from '../support/redis-server.js';

jest.setTimeout(120_000);

afterAll(killRedisServers);

describe('offer, answer, ice and sender_ready, between nodes', relayScenarios(startTwo));
describe('a newcomer on a side that somebody on another node holds', contestScenarios(startTwo));
describe('what a newcomer sends while it waits for a side of another node', backlogScenarios(startTwo));
describe('between nodes', holdScenarios(startTwo));
describe('between nodes', ignoredFrameScenarios(startTwo));
