import { startApp } from '../../support/start-app.js';
import { cutScenarios } from './scenarios/mailbox-cuts.js';

jest.setTimeout(40_000);

describe('a mailbox whose connection breaks while the other side keeps sending', cutScenarios(startApp));
