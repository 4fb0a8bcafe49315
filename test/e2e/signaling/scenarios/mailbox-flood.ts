import { eventually } from '../../../support/eventually.js';
import type { Start } from '../../../support/places.js';
import { type Dialect, inRooms, type MailRoom, mailTo, payloadsOf, seqsOf } from '../mail.js';
import { ROOM_FULL } from '../peers.js';

const MANY = 10_000;
const upTo = (last: number, from = 1) => Array.from({ length: last - from + 1 }, (_, i) => from + i);
const DIALECTS: Dialect[] = ['deliver', 'send'];

/** As much as a client may have queued, and readers that are slow, wherever the sender is. */
export const floodScenarios = (start: Start) => (): void => {
  describe.each(DIALECTS)('10,000 frames at once (%s)', (dialect) => {
    let room: MailRoom;

    inRooms(
      () => start(),
      (its) => (room = its),
    );

    const flood = upTo(MANY).map((n) => mailTo('B', `"note ${n}"`));
    const notes = upTo(MANY).map((n) => `note ${n}`);

    it('flushed right behind hello reach a reader that is there: all, in order, once', async () => {
      const b = await room.hello('B', dialect);
      const a = await room.join('A', dialect);
      a.send({ type: 'hello', deliveredUpTo: 0 }, ...flood);
      await eventually(() => expect(payloadsOf(b)).toHaveLength(MANY), { timeout: 30_000, interval: 100 });
      expect(seqsOf(b)).toEqual(upTo(MANY));
      expect(payloadsOf(b)).toEqual(notes);
    });

    it('wait for a reader that comes later', async () => {
      const a = await room.join('A', dialect);
      a.send({ type: 'hello' }, ...flood);
      await a.settled();
      await a.close();
      const b = await room.hello('B', dialect);
      await eventually(() => expect(payloadsOf(b)).toHaveLength(MANY), { timeout: 30_000, interval: 100 });
      expect(payloadsOf(b)).toEqual(notes);
    });

    it('are acknowledged one by one by the published client, and none is left', async () => {
      const b = await room.hello('B', dialect);
      b.ws.on('message', (data: Buffer) => {
        const { seq } = JSON.parse(data.toString()) as { seq?: number };
        if (seq !== undefined) b.send({ type: 'delivered', upTo: seq });
      });
      const a = await room.join('A', dialect);
      a.send({ type: 'hello' }, ...flood);
      await eventually(() => expect(seqsOf(b).at(-1)).toBe(MANY), { timeout: 30_000, interval: 100 });
      await b.settled();
      await b.close();
      const again = await room.hello('B', dialect, 0);
      expect(again.frames).toEqual([ROOM_FULL]);
    });
  });

  describe('a slow reader of mail', () => {
    let room: MailRoom;

    // The server may keep 64 KiB for a socket and closes one that would need more: 12 MB only pass if they wait in the store.
    inRooms(
      () => start({ WS_MAX_BUFFERED: '65536' }),
      (its) => (room = its),
    );

    const payload = (n: number) => JSON.stringify(`${n} ${'x'.repeat(4_000)}`);
    const FRAMES = 3_000;

    it('gets everything in order, without the server holding it back in memory or giving up on it', async () => {
      await room.leave('A', ...upTo(FRAMES).map(payload));
      const b = await room.join('B', 'deliver');
      b.send({ type: 'hello', deliveredUpTo: 0 });
      let got = 0;
      while (got < FRAMES) {
        b.ws.pause();
        await new Promise((turn) => setImmediate(turn));
        b.ws.resume();
        await eventually(() => expect(b.frames.length + Number(b.closed !== undefined)).toBeGreaterThan(got), {
          interval: 1,
        });
        expect(b.closed).toBeUndefined();
        got = b.frames.length;
      }
      expect(seqsOf(b)).toEqual(upTo(FRAMES));
    });

    it('that reads nothing for a while is written the rest when it does, while more comes in', async () => {
      const b = await room.hello('B', 'deliver');
      b.ws.pause();
      const a = await room.hello('A', 'deliver');
      a.send(...upTo(FRAMES).map((n) => mailTo('B', payload(n))));
      await a.settled();
      expect(b.closed).toBeUndefined();
      b.ws.resume();
      await eventually(() => expect(seqsOf(b)).toHaveLength(FRAMES), { timeout: 30_000, interval: 100 });
      expect(seqsOf(b)).toEqual(upTo(FRAMES));
    });

    it('that goes away in the middle finds the rest when it comes back', async () => {
      await room.leave('A', ...upTo(FRAMES).map(payload));
      const b = await room.join('B', 'deliver');
      b.send({ type: 'hello', deliveredUpTo: 0 });
      await eventually(() => expect(b.frames.length).toBeGreaterThan(10), { interval: 1 });
      b.terminate();
      await b.end();
      const last = seqsOf(b).at(-1)!;
      expect(last).toBeLessThan(FRAMES);
      const again = await room.hello('B', 'deliver', last);
      await eventually(() => expect(seqsOf(again)).toHaveLength(FRAMES - last), { timeout: 30_000, interval: 100 });
      expect(seqsOf(again)).toEqual(upTo(FRAMES, last + 1));
    });
  });
};
