import { randomUUID } from 'node:crypto';
import { killChildren } from '../../support/child.js';
import { CuttableProxy } from '../../support/cuttable-proxy.js';
import { eventually } from '../../support/eventually.js';
import { PLACES, type Started } from '../../support/places.js';
import { killRedisServers } from '../../support/redis-server.js';
import { MailboxApp, notes } from './mailbox-app.js';

jest.setTimeout(40_000);

afterAll(killRedisServers);

// Its first disconnect makes mailboxTransport deaf, but not its socket: that one reconnects for ever, says nothing,
// answers pings and cannot be closed. Whatever the application opens next meets this ghost on its own side.
describe.each(PLACES)('the ghost of a mailboxTransport, %s,', (_place, start) => {
  let server: Started;
  let proxy: CuttableProxy;
  let room: string;
  let sender: MailboxApp;
  let app: MailboxApp;

  beforeAll(async () => {
    server = await start();
  });
  beforeEach(async () => {
    room = randomUUID();
    proxy = await CuttableProxy.start(server.port);
    sender = await MailboxApp.start({ relay: elsewhere().ws, room, side: 'A' });
    app = await MailboxApp.start({ relay: proxy.ws, room, side: 'B' });
    sender.send(...notes(1, 5));
    await eventually(() => expect(app.mail).toEqual(notes(1, 5)));
  });
  afterEach(async () => {
    await killChildren();
    await proxy.close();
  });
  afterAll(async () => server.close());

  /** The node that the ghost is not on. */
  const elsewhere = () => server.other ?? server;

  /** Only the ghost goes through the proxy from here on, so every further connection there is one of its attempts. */
  const openSecond = () => app.open({ relay: elsewhere().ws, room, side: 'B' });

  const ghostTriesAgain = async (times: number) => {
    const before = proxy.accepted;
    await eventually(() => proxy.accepted >= before + times, { timeout: 15_000 });
  };

  it('makes way for the second transport when it already holds the side', async () => {
    proxy.reset();
    await app.event('deaf');
    await eventually(() => expect(app.count('socket-open')).toBe(2));
    sender.send(...notes(6, 10));

    await openSecond();
    await eventually(() => expect(app.mail).toEqual(notes(1, 10)));
    sender.send(...notes(11, 12));
    await eventually(() => expect(app.mail).toEqual(notes(1, 12)));
  });

  it('does not get the side back from the second transport', async () => {
    proxy.reset();
    await app.event('deaf');
    await openSecond();
    for (let n = 6; n <= 8; n++) {
      await ghostTriesAgain(1);
      sender.send(...notes(n, n));
      await eventually(() => expect(app.mail).toEqual(notes(1, n)));
    }
    app.send('and I am still heard');
    await eventually(() => expect(sender.mail).toEqual(['and I am still heard']));
  });

  it('makes way also when the server has yet to notice that the first connection is dead', async () => {
    proxy.strand();
    await app.event('deaf');
    sender.send(...notes(6, 10));
    await openSecond();
    await eventually(() => expect(app.mail).toEqual(notes(1, 10)), { timeout: 10_000 });
    await ghostTriesAgain(1);
    sender.send(...notes(11, 12));
    await eventually(() => expect(app.mail).toEqual(notes(1, 12)));
  });

  it('costs nothing of what the second transport sends while it has to wait for the side', async () => {
    // Far more than the server will keep for a waiting newcomer: it has to stop reading, not to forget.
    const long = notes(1, 300).map((note) => ({ ...note, text: 'x'.repeat(4_000) }));
    proxy.strand();
    await app.event('deaf');
    await openSecond();
    app.send(...long);
    await eventually(() => expect(sender.mail).toHaveLength(300), { timeout: 10_000 });
    expect(sender.mail).toEqual(long);
    sender.send(...notes(6, 7));
    await eventually(() => expect(app.mail).toEqual(notes(1, 7)));
  });

  it('keeps no mail from a new process', async () => {
    proxy.reset();
    await app.event('deaf');
    await eventually(() => expect(app.count('socket-open')).toBe(2));
    sender.send(...notes(6, 10));
    const next = await MailboxApp.start({ relay: elsewhere().ws, room, side: 'B', deliveredUpTo: 5 });
    await eventually(() => expect(next.mail).toEqual(notes(6, 10)));
    await ghostTriesAgain(2);
    sender.send(...notes(11, 12));
    await eventually(() => expect(next.mail).toEqual(notes(6, 12)));
    expect(app.mail).toEqual(notes(1, 5));
  });
});
