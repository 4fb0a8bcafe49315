import { type RunningApp, startApp } from '../../support/start-app.js';
import { dropSockets } from '../../support/ws-client.js';
import { relaying } from './scenarios/relaying.js';

jest.setTimeout(60_000);

describe('relayed frames in a named room', () => {
  let server: RunningApp;

  beforeAll(async () => {
    server = await startApp();
  });
  afterEach(dropSockets);
  afterAll(async () => server.close());

  relaying(() => [server.ws, server.ws]);
});
