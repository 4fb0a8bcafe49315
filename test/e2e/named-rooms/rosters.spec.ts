import { type RunningApp, startApp } from '../../support/start-app.js';
import { dropSockets } from '../../support/ws-client.js';
import { rosters } from './scenarios/rosters.js';

jest.setTimeout(60_000);

describe('rosters of a named room', () => {
  let server: RunningApp;

  beforeAll(async () => {
    server = await startApp();
  });
  afterEach(dropSockets);
  afterAll(async () => server.close());

  rosters(() => [server.ws, server.ws]);
});
