import { eventually } from '../../support/eventually.js';
import { NatsServer, stopNats } from '../../support/nats-server.js';
import { killServers, ServerProcess } from '../../support/server-process.js';

jest.setTimeout(240_000);

const PATIENT = { timeout: 60_000 };
const linesWith = (server: ServerProcess, text: RegExp) =>
  server.output.split('\n').filter((line) => text.test(line)).length;

describe('a server with voice says at its start', () => {
  afterEach(async () => {
    await killServers();
    await stopNats();
  });

  it('once each what it does without: NATS, and a permission service', async () => {
    const server = await ServerProcess.start({});
    expect(linesWith(server, /NATS is not set/)).toBe(1);
    expect(linesWith(server, /PERMISSIONS_HOST is not set/)).toBe(1);
  });

  it('nothing of the kind when it has both, or no voice', async () => {
    const nats = await NatsServer.start();
    const both = await ServerProcess.start({ NATS_URL: nats.url, PERMISSIONS_HOST: 'http://127.0.0.1:1' });
    const off = await ServerProcess.start({ VOICE: 'off' });
    await eventually(() => expect(linesWith(both, /connected to NATS/)).toBe(1), PATIENT);
    for (const server of [both, off]) expect(linesWith(server, /is not set/)).toBe(0);
  });

  it('once that NATS cannot be reached, serves all the same, and ends as usual', async () => {
    const nats = await NatsServer.absent();
    const server = await ServerProcess.start({ NATS: nats.url, DRAIN_DELAY: '0s' });
    await eventually(() => expect(linesWith(server, /NATS cannot be reached/)).toBe(1), PATIENT);
    await nats.restart();
    await eventually(() => expect(linesWith(server, /connected to NATS/)).toBe(1), PATIENT);
    expect(linesWith(server, /NATS cannot be reached/)).toBe(1);
    nats.pause();
    server.signal('SIGTERM');
    expect(await server.exit()).toBe(0);
  });
});
