import { startApp } from '../../support/start-app.js';
import { backlogScenarios } from './scenarios/contest-backlog.js';
import { contestScenarios } from './scenarios/contests.js';

jest.setTimeout(30_000);

describe('a newcomer on a side that somebody holds', contestScenarios(startApp));
describe('what a newcomer sends while it waits for its side', backlogScenarios(startApp));
