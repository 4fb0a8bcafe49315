import { SigverListener } from '../../../src/sigver/sigver.listener.js';
import { eventually } from '../../support/eventually.js';
import { dropRawSockets, RawSocket } from '../../support/raw-http.js';
import { type RunningApp, startApp } from '../../support/start-app.js';

jest.setTimeout(120_000);

/** Ten seconds for a head, looked at every five; and a busy machine. */
const PATIENCE = { timeout: 60_000 };

describe('who sends half a head and waits', () => {
  let server: RunningApp;

  beforeAll(async () => {
    server = await startApp({ SIGVER_PORT: '0' });
  });
  afterAll(async () => {
    dropRawSockets();
    await server.close();
  });

  it('is cut with 408 on every port', async () => {
    const ports = [server.port, server.app.get(SigverListener, { strict: false }).port!];
    const sockets = await Promise.all(ports.map((port) => RawSocket.open({ port })));
    for (const socket of sockets) await socket.write('GET /ws HTTP/1.1\r\nHost: test\r\nUpgrade: web');
    await eventually(() => sockets.every(({ ended }) => ended), PATIENCE);
    for (const { received } of sockets) expect(received.toString()).toMatch(/^HTTP\/1\.1 408 /);
  });
});
