import { type RunningApp, startApp } from '../../support/start-app.js';
import { dropSockets } from '../../support/ws-client.js';
import { proof } from './scenarios/proof.js';

jest.setTimeout(60_000);

describe('proof of possession in a named room', () => {
  let server: RunningApp;

  beforeAll(async () => {
    server = await startApp();
  });
  afterEach(dropSockets);
  afterAll(async () => server.close());

  proof(() => [server.ws, server.ws]);
});
