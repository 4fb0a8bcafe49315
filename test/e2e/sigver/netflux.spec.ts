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

  const ownPort = () => server.app.get(SigverListener, { strict: false }).port;

  describe('on both ports in turn', () =>
    netfluxScenarios((peer, key) => (peer % 2 ? `${server.ws}/sigver/${key}` : `ws://127.0.0.1:${ownPort()}/${key}`)));
});
