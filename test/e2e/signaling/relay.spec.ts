import { startApp } from '../../support/start-app.js';
import { holdScenarios } from './scenarios/hold.js';
import { ignoredFrameScenarios } from './scenarios/ignored-frames.js';
import { relayScenarios } from './scenarios/relay.js';

jest.setTimeout(30_000);

describe('offer, answer, ice and sender_ready', relayScenarios(startApp));
describe('of all that is relayed:', holdScenarios(startApp));
describe('of all that is relayed:', ignoredFrameScenarios(startApp));
