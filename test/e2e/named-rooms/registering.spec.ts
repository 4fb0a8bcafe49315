import { type RunningApp, startApp } from '../../support/start-app.js';
import { dropSockets } from '../../support/ws-client.js';
import { registering } from './scenarios/registering.js';

jest.setTimeout(60_000);

describe('registering in a named room', () => {
  let server: RunningApp;

  beforeAll(async () => {
    server = await startApp();
  });
  afterEach(dropSockets);
  afterAll(async () => server.close());

  registering(() => [server.ws, server.ws]);
});
