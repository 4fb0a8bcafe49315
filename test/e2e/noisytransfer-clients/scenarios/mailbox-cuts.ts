import { randomUUID } from 'node:crypto';
import { killChildren } from '../../../support/child.js';
import { CuttableProxy } from '../../../support/cuttable-proxy.js';
import { eventually } from '../../../support/eventually.js';
import type { Start, Started } from '../../../support/places.js';
import { MailboxApp, type MailboxOptions, notes } from '../mailbox-app.js';

const LAST = 400;

/** A mailbox whose connection breaks while the other side, wherever it is, keeps sending. */
export const cutScenarios = (start: Start) => (): void => {
  let server: Started;
  let proxy: CuttableProxy;
  let room: string;
  let sender: MailboxApp;

  beforeAll(async () => {
    server = await start();
  });
  beforeEach(async () => {
    room = randomUUID();
    proxy = await CuttableProxy.start(server.port);
    sender = await MailboxApp.start({ relay: elsewhere().ws, room, side: 'A' });
  });
  afterEach(async () => {
    await killChildren();
    await proxy.close();
  });
  afterAll(async () => server.close());

  /** Where the sender is. */
  const elsewhere = () => server.other ?? server;

  const receiver = (options: Partial<MailboxOptions>) =>
    MailboxApp.start({ relay: proxy.ws, room, side: 'B', ...options });

  const atLeast = (app: MailboxApp, frames: number) =>
    eventually(() => expect(app.mail.length).toBeGreaterThanOrEqual(frames), { timeout: 10_000 });

  /** The sender streams on for about two seconds; this one returns when the receiver is well into it. */
  const midStream = async (app: MailboxApp) => {
    sender.stream(1, LAST);
    await atLeast(app, 50);
    expect(app.mail.length).toBeLessThan(LAST / 2);
  };

  /** Exactly once, in order, nothing missing, and still so when more has come. */
  const arrivesWhole = async (app: MailboxApp) => {
    await eventually(() => expect(app.mail).toEqual(notes(1, LAST)), { timeout: 20_000, interval: 100 });
    sender.send(...notes(LAST + 1, LAST + 1));
    await eventually(() => expect(app.mail).toEqual(notes(1, LAST + 1)));
  };

  describe.each([
    ['a socket that resumes by itself', { selfResuming: true }],
    ['an application that opens the next mailboxTransport', { reopen: true }],
  ])('%s', (_, options) => {
    it('gets everything once after a reset', async () => {
      const app = await receiver(options);
      await midStream(app);
      proxy.reset();
      await arrivesWhole(app);
      expect(proxy.accepted).toBeGreaterThan(1);
    });

    it('gets everything once after several resets', async () => {
      const app = await receiver(options);
      await midStream(app);
      for (const enough of [100, 150, 200]) {
        proxy.reset();
        await atLeast(app, enough);
      }
      await arrivesWhole(app);
    });

    it('gets everything once when the server still believes in the old connection', async () => {
      const app = await receiver(options);
      await midStream(app);
      proxy.strand();
      await arrivesWhole(app);
    });

    it('gets everything once after a silence in which nobody disconnected', async () => {
      const app = await receiver(options);
      await midStream(app);
      proxy.blackhole();
      const before = app.mail.length;
      await sender.event('streamed');
      expect(app.mail.length).toBeLessThan(before + LAST / 4);
      proxy.restore();
      await arrivesWhole(app);
    });
  });

  it('numbers the mail without gaps across the breaks', async () => {
    const app = await receiver({ selfResuming: true });
    await midStream(app);
    proxy.reset();
    await atLeast(app, 150);
    proxy.strand();
    await arrivesWhole(app);
    expect(app.sequence).toEqual(notes(1, LAST + 1).map(({ n }) => n));
  });

  it('lets an application in by a fresh path while the old one is dark, and stands the old one coming back', async () => {
    const app = await receiver({});
    await midStream(app);
    proxy.blackhole();
    app.abandon();
    await app.open({ relay: elsewhere().ws, room, side: 'B' });
    await arrivesWhole(app);
    proxy.restore();
    await app.event('socket-closed');
    sender.send('after all');
    await eventually(() => expect(app.mail.at(-1)).toBe('after all'));
    expect(app.mail).toHaveLength(LAST + 2);
  });
};
