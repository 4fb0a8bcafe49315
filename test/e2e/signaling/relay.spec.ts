import { startApp } from '../../support/start-app.js';
import { relayScenarios } from './scenarios/relay.js';

jest.setTimeout(30_000);

describe('offer, answer, ice and sender_ready', relayScenarios(startApp));
