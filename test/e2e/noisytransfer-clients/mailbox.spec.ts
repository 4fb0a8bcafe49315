import { randomUUID } from 'node:crypto';
import { killChildren } from '../../support/child.js';
import { eventually } from '../../support/eventually.js';
import { PLACES, type Started } from '../../support/places.js';
import { killRedisServers } from '../../support/redis-server.js';
import { MailboxApp, notes } from './mailbox-app.js';

jest.setTimeout(30_000);

afterAll(killRedisServers);

describe.each(PLACES)('the published mailboxTransport, %s,', (_place, startPlace) => {
  let server: Started;
  let room: string;

  beforeAll(async () => {
    server = await startPlace();
  });
  beforeEach(() => {
    room = randomUUID();
  });
  afterEach(killChildren);
  afterAll(async () => server.close());

  const placeOf = (side: 'A' | 'B') => (side === 'B' && server.other) || server;

  const start = (side: 'A' | 'B', options: { sessionId?: string; deliveredUpTo?: number } = {}) =>
    MailboxApp.start({ relay: placeOf(side).ws, room, side, ...options });

  const arrives = (app: MailboxApp, mail: unknown[]) => eventually(() => expect(app.mail).toEqual(mail));

  const payloads = [
    'plain text',
    '',
    '{"looks":"like JSON"}',
    42,
    null,
    ['a', ['list']],
    { type: 'nested', deep: { numbers: [0, -1, 1.5, 1e21], empty: {} }, none: null },
    { type: 'unicode', text: 'żółw 🐢   "quoted" \\ \n \u0000', кључ: 'вредност' },
    { type: 'large', text: 'x'.repeat(200_000) },
    // The client treats these types of its own specially on the wire; inside a payload they are just mail.
    { type: 'deliver', seq: 7, payload: 'not an envelope' },
    { type: 'hello', deliveredUpTo: 1_000 },
  ];

  it.each([
    ['without a session id', undefined],
    ['with a session id', 'session-1'],
  ])('brings every payload over as it was, both ways, %s', async (_, sessionId) => {
    const [a, b] = [await start('A', { sessionId }), await start('B', { sessionId })];
    a.send(...payloads);
    b.send(...payloads);
    await arrives(b, payloads);
    await arrives(a, payloads);
  });

  it('brings bytes over in the members the client encodes', async () => {
    const [a, b] = [await start('A'), await start('B')];
    a.sendBytes({ type: 'commit' }, 'commitment', '00ff7f80');
    await arrives(b, [{ type: 'commit', commitment: 'hex:00ff7f80' }]);
  });

  it('tells both sides that the room is full, and does not count that as mail', async () => {
    const [a, b] = [await start('A'), await start('B')];
    await Promise.all([a.event('room-full'), b.event('room-full')]);
    a.send('first');
    await arrives(b, ['first']);
    expect([a.count('room-full'), b.count('room-full')]).toEqual([1, 1]);
  });

  it('keeps fifty frames for an absent peer and delivers each once, in order', async () => {
    const a = await start('A');
    a.send(...notes(1, 50));
    const b = await start('B');
    await arrives(b, notes(1, 50));
    // What comes after the backlog comes behind it, and a repeat of the backlog would have come before.
    a.send(...notes(51, 52));
    await arrives(b, notes(1, 52));
  });

  it('takes and delivers as much as a client may have queued', async () => {
    const a = await start('A');
    a.send(...notes(1, 10_000));
    const b = await start('B');
    await eventually(() => expect(b.mail).toHaveLength(10_000), { timeout: 15_000, interval: 100 });
    expect(b.mail).toEqual(notes(1, 10_000));
  });

  it('keeps mail while both sides are away', async () => {
    const a = await start('A');
    const b = await start('B');
    a.send(...notes(1, 3));
    await arrives(b, notes(1, 3));
    await b.close();
    a.send(...notes(4, 53));
    await a.close();
    await Promise.all([a.kill(), b.kill()]);

    // New processes without a watermark: acknowledged mail is gone, the rest is all there, for either of them.
    const laterB = await start('B');
    await arrives(laterB, notes(4, 53));
    laterB.send(...notes(1, 20));
    await laterB.close();
    const laterA = await start('A');
    await arrives(laterA, notes(1, 20));
    laterA.send('you are away');
    await laterA.close();
    await laterB.kill();
    await arrives(await start('B'), ['you are away']);
  });

  it('resumes where a new process says that the old one stopped', async () => {
    const [a, b] = [await start('A'), await start('B')];
    a.send(...notes(1, 10));
    await arrives(b, notes(1, 10));
    // Killed: whether its last acknowledgements arrived is anybody's guess, the watermark it kept is not.
    await b.kill();
    a.send(...notes(11, 20));
    await arrives(await start('B', { deliveredUpTo: 10 }), notes(11, 20));
  });

  it('keeps rooms and sides apart', async () => {
    const [a, b] = [await start('A'), await start('B')];
    room = randomUUID();
    const [otherA, otherB] = [await start('A'), await start('B')];
    a.send('here, for B');
    otherB.send('there, for A');
    await arrives(b, ['here, for B']);
    await arrives(otherA, ['there, for A']);
    expect([a.mail, otherB.mail]).toEqual([[], []]);
  });
});
