import { type RunningApp, startApp } from '../../support/start-app.js';
import { dropSockets } from '../../support/ws-client.js';
import { displacement } from './scenarios/displacement.js';

jest.setTimeout(60_000);

describe('one key twice in a named room', () => {
  let server: RunningApp;

  beforeAll(async () => {
    server = await startApp();
  });
  afterEach(dropSockets);
  afterAll(async () => server.close());

  displacement(() => [server.ws, server.ws]);
});
