import { FakeClock } from '../../../support/fake-clock.js';
import type { Start, Started } from '../../../support/places.js';
import { dropSockets, passed } from '../../../support/ws-client.js';
import { mailFrame, MailRoom, mailTo, payloadsOf, seqsOf } from '../mail.js';

const KIB = 1024;
const text = (bytes: number) => JSON.stringify('x'.repeat(bytes - 2));

/** What a full mailbox takes and refuses, wherever its sender is. */
export const quotaScenarios = (startServer: Start) => (): void => {
  let server: Started | undefined;
  let room: MailRoom;

  const start = async (settings: Record<string, string>) => {
    server = await startServer({ HEARTBEAT: '1h', ...settings }, new FakeClock());
    room = new MailRoom(server);
  };
  afterEach(async () => {
    dropSockets();
    await server?.close();
    server = undefined;
  });

  it('refuses the newest frame and drops none of the older (MAILBOX_MAX_FRAMES)', async () => {
    await start({ MAILBOX_MAX_FRAMES: '3' });
    await room.leave('A', '1', '2', '3', '4', '5');
    expect(payloadsOf(await room.hello('B', 'deliver'))).toEqual([1, 2, 3]);
  });

  it('takes mail again once some is acknowledged, and leaves no gap in the numbers', async () => {
    await start({ MAILBOX_MAX_FRAMES: '3' });
    await room.leave('A', '1', '2', '3', '4');
    await (await room.hello('B', 'deliver', 2)).close();
    await room.leave('A', '5', '6', '7');
    const b = await room.hello('B', 'deliver', 2);
    expect([seqsOf(b), payloadsOf(b)]).toEqual([
      [3, 4, 5],
      [3, 5, 6],
    ]);
  });

  it('is silent about it, except to who asks with errors=1; the socket stays open', async () => {
    await start({ MAILBOX_MAX_FRAMES: '1' });
    const [asking, silent] = [await room.join('A', 'deliver', '&errors=1'), await room.join('B', 'deliver')];
    asking.send(mailTo('B', '1'), mailTo('B', '2'));
    silent.send(mailTo('A', '1'), mailTo('A', '2'));
    await passed(asking, silent);
    await passed(silent, asking);
    const told = asking.frames.map((frame) => JSON.parse(frame) as object);
    expect(told.at(-1)).toMatchObject({ type: 'error', code: 'mailbox_full' });
    expect(silent.frames).toEqual(['{"type":"room_full"}']);
    expect([asking.closed, silent.closed]).toEqual([undefined, undefined]);
  });

  it('counts each side on its own', async () => {
    await start({ MAILBOX_MAX_FRAMES: '2' });
    await room.leave('A', '1', '2', '3');
    await room.leave('B', '4', '5', '6');
    const [a, b] = [await room.hello('A', 'deliver'), await room.hello('B', 'deliver')];
    expect([payloadsOf(a), payloadsOf(b)]).toEqual([
      [4, 5],
      [1, 2],
    ]);
  });

  it('is full by bytes as well (MAILBOX_MAX_BYTES), and takes what still fits', async () => {
    await start({ MAILBOX_MAX_BYTES: String(10 * KIB) });
    const payloads = [text(6 * KIB), text(6 * KIB), text(4 * KIB), '1'];
    await room.leave('A', ...payloads);
    const b = await room.hello('B', 'deliver');
    expect(b.frames).toEqual([mailFrame('deliver', 1, payloads[0]!, 'A'), mailFrame('deliver', 2, payloads[2]!, 'A')]);
  });

  it('counts bytes, not characters', async () => {
    await start({ MAILBOX_MAX_BYTES: String(10 * KIB) });
    const wide = JSON.stringify('€'.repeat(2 * KIB)); // 6 KiB
    await room.leave('A', wide, wide);
    expect(seqsOf(await room.hello('B', 'deliver'))).toEqual([1]);
  });

  it('is full also when all mailboxes together are (MAILBOX_TOTAL_BYTES), and recovers', async () => {
    await start({ MAILBOX_TOTAL_BYTES: String(64 * KIB) });
    const rooms = Array.from({ length: 8 }, () => new MailRoom(server!));
    for (const each of rooms) await each.leave('A', text(16 * KIB));
    const readers = await Promise.all(rooms.map((each) => each.hello('B', 'deliver')));
    const got = readers.map((reader) => seqsOf(reader).length);
    expect(got.slice(0, 3)).toEqual([1, 1, 1]);
    expect(got.slice(4)).toEqual([0, 0, 0, 0]);
    for (const reader of readers) reader.send({ type: 'delivered', upTo: 1 });
    await Promise.all(readers.map((reader) => reader.settled()));
    await rooms[7]!.leave('A', text(16 * KIB));
    await readers[7]!.settled();
    expect(seqsOf(readers[7]!)).toEqual([1]);
  });

  it('cannot be made to cost more than its bytes by a flood of tiny frames in many rooms', async () => {
    await start({ MAILBOX_TOTAL_BYTES: String(16 * KIB) });
    let kept = 0;
    for (let i = 0; i < 50; i++) {
      const each = new MailRoom(server!);
      await each.leave('A', '1');
      const reader = await each.hello('B', 'deliver');
      kept += seqsOf(reader).length;
      await reader.close();
    }
    expect(kept).toBeGreaterThan(5);
    expect(kept).toBeLessThan(40);
  });
};
