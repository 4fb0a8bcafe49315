import { FakeClock } from '../../support/fake-clock.js';
import { http } from '../../support/raw-http.js';
import { type RunningApp, startApp } from '../../support/start-app.js';
import { dropSockets, passed } from '../../support/ws-client.js';
import { MailRoom, mailTo, payloadsOf, seqsOf } from './mail.js';

jest.setTimeout(30_000);

const TEN_MINUTES_MS = 600_000;

let server: RunningApp;
let room: MailRoom;
const clock = new FakeClock();

beforeAll(async () => {
  server = await startApp({ HEARTBEAT: '1h' }, clock);
});
beforeEach(() => {
  room = new MailRoom(server);
});
afterEach(dropSockets);
afterAll(async () => server.close());

describe('mail nobody has fetched', () => {
  it('is kept for ROOM_TTL after the last has left', async () => {
    await room.leave('A', '"x"');
    clock.advance(TEN_MINUTES_MS - 1);
    expect(payloadsOf(await room.hello('B', 'deliver'))).toEqual(['x']);
  });

  it('is gone after it, numbering included', async () => {
    await room.leave('A', '"x"', '"y"');
    clock.advance(TEN_MINUTES_MS);
    const b = await room.hello('B', 'deliver');
    expect(b.frames).toEqual([]);
    const a = await room.hello('A', 'deliver');
    a.send(mailTo('B', '"new"'));
    await passed(a, b);
    expect(seqsOf(b)).toEqual([1]);
  });

  it('is kept for ROOM_TTL from the last leaving, not from the sending', async () => {
    await room.leave('A', '"x"');
    clock.advance(TEN_MINUTES_MS - 1);
    await (await room.hello('B', 'deliver', 0)).close(); // reads, acknowledges nothing
    clock.advance(TEN_MINUTES_MS - 1);
    expect(payloadsOf(await room.hello('B', 'deliver', 0))).toEqual(['x']);
  });

  it('is kept as long as anybody is in the room', async () => {
    const a = await room.hello('A', 'deliver');
    a.send(mailTo('B', '"x"'));
    await a.settled();
    for (let i = 0; i < 30; i++) {
      clock.advance(TEN_MINUTES_MS / 8);
      await a.settled();
    }
    await a.close();
    clock.advance(TEN_MINUTES_MS - 1);
    expect(payloadsOf(await room.hello('B', 'deliver'))).toEqual(['x']);
  });

  it('is numbered above what its reader has seen, although the room has ended meanwhile', async () => {
    await room.leave('A', '"x"', '"y"');
    await (await room.hello('B', 'deliver', 2)).close();
    clock.advance(TEN_MINUTES_MS);
    await room.leave('A', '"new"');
    const b = await room.hello('B', 'deliver', 2);
    expect([seqsOf(b), payloadsOf(b)]).toEqual([[3], ['new']]);
  });

  it('keeps its numbers when all of it was acknowledged', async () => {
    await room.leave('A', '"x"', '"y"');
    await (await room.hello('B', 'deliver', 2)).close();
    await room.leave('A', '"z"');
    expect(seqsOf(await room.hello('B', 'deliver', 2))).toEqual([3]);
  });
});

describe('rooms that have ended', () => {
  let other: RunningApp;

  beforeAll(async () => {
    other = await startApp({ HEARTBEAT: '1h' }, clock);
  });
  afterAll(async () => other.close());

  it('leave no mail behind in the books', async () => {
    const ended = new MailRoom(other);
    await ended.leave('A', '"x"');
    clock.advance(TEN_MINUTES_MS);
    await ended.leave('A', '"y"'); // the same box again: what it held before is not counted any more
    await (await ended.hello('B', 'deliver', 1)).close();
    const { text } = await http(other).get('/metrics');
    expect(/^signalbox_mailbox_frames (\d+)$/m.exec(text)?.[1]).toBe('0');
    expect(/^signalbox_mailbox_bytes (\d+)$/m.exec(text)?.[1]).toBe('0');
  });
});
