import { startApp } from '../../support/start-app.js';
import { mailboxScenarios } from './scenarios/mailbox.js';
import { dialectScenarios } from './scenarios/mailbox-dialects.js';
import { mailFrameScenarios } from './scenarios/mailbox-frames.js';
import { quotaScenarios } from './scenarios/mailbox-quotas.js';
import { watermarkScenarios } from './scenarios/mailbox-watermarks.js';

jest.setTimeout(30_000);

describe('the mailbox', mailboxScenarios(startApp));
describe('of a mailbox:', dialectScenarios(startApp));
describe('of a mailbox:', mailFrameScenarios(startApp));
describe('a watermark above any number given out', watermarkScenarios(startApp));
describe('a full mailbox', quotaScenarios(startApp));
