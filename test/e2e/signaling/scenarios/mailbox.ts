import { FakeClock } from '../../../support/fake-clock.js';
import type { Start } from '../../../support/places.js';
import { passed } from '../../../support/ws-client.js';
import { type Dialect, inRooms, mailFrame, type MailRoom, mailTo, payloadsOf, seqsOf } from '../mail.js';
import { both, HOLD_MS, ROOM_FULL } from '../peers.js';

const DIALECTS: Dialect[] = ['deliver', 'send'];
const ONE_TO_THREE = ['"1"', '"2"', '"3"'];

/** What a reader gets of its mail and when, wherever its sender is. */
export const mailboxScenarios = (start: Start) => (): void =>
  describe.each(DIALECTS)('of a reader who is written `%s`', (dialect) => {
    let room: MailRoom;
    const clock = new FakeClock();

    inRooms(
      () => start({ HEARTBEAT: '1h' }, clock),
      (its) => (room = its),
    );

    it('frames mail as that reader needs it, byte for byte', async () => {
      await room.leave('A', '"x"');
      const b = await room.hello('B', dialect);
      expect(b.frames).toEqual([mailFrame(dialect, 1, '"x"', 'A')]);
    });

    it('numbers from 1 without gaps, each side on its own', async () => {
      await room.leave('A', ...ONE_TO_THREE);
      await room.leave('B', '"a"', '"b"');
      const a = await room.hello('A', dialect);
      const b = await room.hello('B', dialect);
      await both(a, b);
      expect([seqsOf(a), seqsOf(b)]).toEqual([
        [1, 2],
        [1, 2, 3],
      ]);
      expect(payloadsOf(b)).toEqual(['1', '2', '3']);
    });

    it('is written at once to who is there, and to nobody else', async () => {
      const a = await room.hello('A', dialect);
      const b = await room.hello('B', dialect);
      a.send(mailTo('B', '"x"'));
      await passed(a, b);
      expect([a.frames.at(-1), b.frames.at(-1)]).toEqual([ROOM_FULL, mailFrame(dialect, 1, '"x"', 'A')]);
      expect([payloadsOf(a), payloadsOf(b)]).toEqual([[], ['x']]);
    });

    it('gives all to hello(0), and from the oldest unacknowledged on to hello without a number', async () => {
      await room.leave('A', ...ONE_TO_THREE);
      const b = await room.hello('B', dialect, 0);
      expect(seqsOf(b)).toEqual([1, 2, 3]);
      await b.close();
      const again = await room.join('B', dialect);
      again.send('{"type":"hello","side":"B"}'); // the CLI's
      await again.settled();
      expect(seqsOf(again)).toEqual([1, 2, 3]);
    });

    it('gives w+1 and on to hello(w), and forgets the rest', async () => {
      await room.leave('A', ...ONE_TO_THREE);
      const b = await room.hello('B', dialect, 2);
      expect(seqsOf(b)).toEqual([3]);
      await b.close();
      expect(seqsOf(await room.hello('B', dialect, 0))).toEqual([3]);
    });

    it('never writes a number twice on one socket, however often it says hello', async () => {
      await room.leave('A', ...ONE_TO_THREE);
      const b = await room.hello('B', dialect, 0);
      for (const deliveredUpTo of [0, 1, 3, undefined]) b.send({ type: 'hello', deliveredUpTo });
      await b.settled();
      expect(seqsOf(b)).toEqual([1, 2, 3]);
      const a = await room.hello('A', dialect);
      a.send(mailTo('B', '"4"'));
      await passed(a, b);
      expect(seqsOf(b)).toEqual([1, 2, 3, 4]);
    });

    it('does not double a send that comes together with hello', async () => {
      const a = await room.hello('A', dialect);
      const b = await room.join('B', dialect);
      a.send(mailTo('B', '"fast"'));
      b.send({ type: 'hello' });
      await both(a, b);
      await both(a, b);
      expect(payloadsOf(b)).toEqual(['fast']);
    });

    it('frees what is acknowledged, across reconnects', async () => {
      await room.leave('A', ...ONE_TO_THREE);
      const b = await room.hello('B', dialect, 0);
      b.send({ type: 'delivered', upTo: 2 });
      await b.settled();
      await b.close();
      expect(seqsOf(await room.hello('B', dialect, 0))).toEqual([3]);
    });

    it.each([4, 1000, Number.MAX_SAFE_INTEGER])(
      'ignores an acknowledgement above any number given out: %d',
      async (upTo) => {
        await room.leave('A', ...ONE_TO_THREE);
        const b = await room.hello('B', dialect, 0);
        b.send({ type: 'delivered', upTo });
        await b.settled();
        await b.close();
        expect(seqsOf(await room.hello('B', dialect, 0))).toEqual([1, 2, 3]);
      },
    );

    it('ignores acknowledgements backwards and of nothing', async () => {
      await room.leave('A', ...ONE_TO_THREE);
      const b = await room.hello('B', dialect, 0);
      b.send(...[3, 1, 0].map((upTo) => ({ type: 'delivered', upTo })));
      await b.settled();
      await b.close();
      await room.leave('A', '"4"');
      expect(seqsOf(await room.hello('B', dialect, 0))).toEqual([4]);
    });

    it('lets the sender leave before the reader comes', async () => {
      await room.leave('A', '"I am gone"');
      expect(payloadsOf(await room.hello('B', dialect))).toEqual(['I am gone']);
    });

    it('keeps the order of a sender that reconnects in between', async () => {
      for (const payload of ONE_TO_THREE) await room.leave('A', payload);
      expect(payloadsOf(await room.hello('B', dialect))).toEqual(['1', '2', '3']);
    });

    it('resumes in order and once while the sender goes on', async () => {
      const a = await room.hello('A', dialect);
      let b = await room.hello('B', dialect, 0);
      const got: unknown[] = [];
      for (let round = 0; round < 5; round++) {
        for (let n = 0; n < 20; n++) a.send(mailTo('B', String(round * 20 + n)));
        if (round % 2 === 0) await passed(a, b);
        const last = seqsOf(b).at(-1) ?? got.length;
        got.push(...payloadsOf(b));
        b.terminate();
        await b.end();
        b = await room.hello('B', dialect, last);
      }
      await passed(a, b);
      got.push(...payloadsOf(b));
      expect(got).toEqual(Array.from({ length: 100 }, (_, n) => n));
    });

    it('comes after room_full, and after the relays that were held before it', async () => {
      await room.leave('A', '"x"');
      const a = await room.hello('A', dialect);
      const b = await room.join('B', dialect);
      a.send('{"type":"offer"}');
      await passed(a, b);
      expect(b.frames).toEqual([]);
      b.send({ type: 'hello' });
      await b.settled();
      expect(b.frames).toEqual([ROOM_FULL, '{"type":"offer"}', mailFrame(dialect, 1, '"x"', 'A')]);
    });

    it('has not begun for who is silent and new', async () => {
      await room.leave('A', '"x"');
      const b = await room.join('B', dialect);
      clock.advance(HOLD_MS - 20);
      await b.settled();
      expect(b.frames).toEqual([]);
    });
  });
