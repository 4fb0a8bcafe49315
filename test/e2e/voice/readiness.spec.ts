import { eventually } from '../../support/eventually.js';
import { NatsServer, stopNats } from '../../support/nats-server.js';
import { http } from '../../support/raw-http.js';
import { type RunningApp, startApp } from '../../support/start-app.js';

jest.setTimeout(240_000);

const PATIENT = { timeout: 60_000 };

describe('readiness, with NATS', () => {
  let server: RunningApp | undefined;

  afterEach(async () => {
    await server?.close();
    await stopNats();
  });

  const says = async (body: object): Promise<void> =>
    void (await eventually(() => http(server!).get('/readyz').expect(200, body), PATIENT));
  const without = { ready: true, details: { nats: { connected: false } } };

  it('names it in its details while it is away, and stays 200', async () => {
    const nats = await NatsServer.absent();
    server = await startApp({ NATS: nats.url });
    await says(without);
    await nats.restart();
    await says({ ready: true });
    await nats.kill();
    await says(without);
    await nats.restart();
    await says({ ready: true });
  });

  it('says nothing of it where there is no voice, which is what needs it', async () => {
    server = await startApp({ NATS: (await NatsServer.absent()).url, VOICE: 'off' });
    await says({ ready: true });
  });
});
