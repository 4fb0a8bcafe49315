import { SigverListener } from '../../../src/sigver/sigver.listener.js';
import { type RunningApp, startApp } from '../../support/start-app.js';
import { netfluxScenarios } from './scenarios/netflux.js';

jest.setTimeout(300_000);

describe('netflux 4.3.1', () => {
  let server: RunningApp;
  beforeAll(async () => {
    server = await startApp({ SIGVER_PORT: '0' });
  });
  afterAll(async () => server.close());

  describe('under /sigver/ on the main port', () => netfluxScenarios((_peer, key) => `${server.ws}/sigver/${key}`));

  describe('on the port of its own', () => {
    const port = () => server.app.get(SigverListener, { strict: false }).port;
    netfluxScenarios((_peer, key) => `ws://127.0.0.1:${port()}/${key}`);
  });
});
