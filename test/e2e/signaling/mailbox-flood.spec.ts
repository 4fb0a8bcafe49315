import { startApp } from '../../support/start-app.js';
import { floodScenarios } from './scenarios/mailbox-flood.js';

jest.setTimeout(60_000);

describe('a mailbox that takes much:', floodScenarios(startApp));
