import { NatsLink } from '../../../src/voice/nats/nats-link.js';
import { eventually } from '../../support/eventually.js';
import { NatsServer, stopNats } from '../../support/nats-server.js';

jest.setTimeout(120_000);

const PATIENT = { timeout: 60_000 };

describe('the link to NATS', () => {
  let link: NatsLink | undefined;
  const events: string[] = [];

  beforeEach(() => events.splice(0));
  afterEach(async () => {
    await link?.close(1000);
    await stopNats();
  });

  const open = (...servers: string[]) => {
    link = new NatsLink(servers, 'test', {
      up: () => events.push('up'),
      down: () => events.push('down'),
      log: (level, message) => events.push(`${level}: ${message}`),
    });
  };
  const sockets = () => process.getActiveResourcesInfo().filter((resource) => resource === 'TCPSocketWrap').length;

  it('leaves no sockets behind at a server that stands still, and is there when it moves on', async () => {
    const nats = await NatsServer.start();
    const before = sockets();
    nats.pause();
    open(nats.url);
    await eventually(() => expect(events).toEqual([expect.stringMatching(/^warn: NATS cannot be reached/)]), PATIENT);
    nats.resume();
    await eventually(() => expect(events.at(-1)).toBe('up'), PATIENT);
    await eventually(() => expect(sockets()).toBe(before + 1), PATIENT);
  });

  it('comes back whenever it is lost, and ends for good when it is closed', async () => {
    const nats = await NatsServer.start();
    open(nats.url);
    for (let life = 1; life <= 3; life++) {
      await eventually(() => expect(link!.connections).toBe(life), PATIENT);
      await nats.kill();
      await eventually(() => expect(link!.connection).toBeUndefined(), PATIENT);
      await nats.restart();
    }
    await eventually(() => expect(link!.connections).toBe(4), PATIENT);
    expect(events.filter((event) => event === 'up').length).toBe(4);
    await link!.close(1000);
    await eventually(() => expect(events.filter((event) => event === 'down').length).toBe(4), PATIENT);
  });

  it('is closed while there is none, at once', async () => {
    open((await NatsServer.absent()).url);
    await link!.close(1000);
    expect(events).toEqual([]);
  });
});
