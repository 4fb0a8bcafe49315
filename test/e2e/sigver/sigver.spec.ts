import { SigverListener } from '../../../src/sigver/sigver.listener.js';
import { http } from '../../support/raw-http.js';
import { type RunningApp, startApp } from '../../support/start-app.js';
import { dropSockets } from '../../support/ws-client.js';
import { bindingScenarios } from './scenarios/bindings.js';
import { byteScenarios } from './scenarios/bytes.js';
import { groupScenarios } from './scenarios/groups.js';
import { Peers, signalingId, type UrlOf } from './scenarios/peers.js';

jest.setTimeout(60_000);

let server: RunningApp;
let ownPort: number;

beforeAll(async () => {
  server = await startApp({ SIGVER_PORT: '0' });
  ownPort = server.app.get(SigverListener, { strict: false }).port!;
});
afterEach(dropSockets);
afterAll(async () => server.close());

const onMainPort: UrlOf = (_peer, key, query = '') => `${server.ws}/sigver/${key}${query}`;
const onOwnPort: UrlOf = (_peer, key, query = '') => `ws://127.0.0.1:${ownPort}/${key}${query}`;

describe.each([
  ['under /sigver/ on the main port', onMainPort],
  ['on a port of its own', onOwnPort],
])('Sigver %s', (_where, urlOf) => {
  describe('has groups: it', () => groupScenarios(urlOf));
  describe('binds joiners to members: a binding', () => bindingScenarios(urlOf));
  describe('speaks protobuf: it', () => byteScenarios(urlOf));
});

describe('Sigver on both ports', () => {
  it('has the same groups', async () => {
    const peers = new Peers((peer, key, query) => (peer % 2 ? onMainPort : onOwnPort)(peer, key, query));
    const { member, joiner, id } = await peers.bound();
    expect(await signalingId(joiner, member)).toBe(id);
  });

  it('answers plain requests: 426 to a GET, other methods are not there on the main port', async () => {
    for (const key of ['', 'key', 'a/b', 'x?favored']) {
      await http(server).get(`/sigver/${key}`).expect(426);
      await http(server).post(`/sigver/${key}`).expect(404);
      await http({ http: `http://127.0.0.1:${ownPort}` })
        .post(`/${key}`)
        .expect(426);
    }
  });
});
