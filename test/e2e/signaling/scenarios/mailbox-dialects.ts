import { FakeClock } from '../../../support/fake-clock.js';
import type { Start, Started } from '../../../support/places.js';
import { passed, WsClient } from '../../../support/ws-client.js';
import { inRooms, mailFrame, type MailRoom, mailTo, seqsOf } from '../mail.js';
import { HOLD_MS, wsUrl } from '../peers.js';

/** How mail is framed, and when it begins to flow, wherever its sender is. */
export const dialectScenarios = (start: Start) => (): void => {
  let server: Started;
  let room: MailRoom;
  const clock = new FakeClock();

  inRooms(
    () => start({ HEARTBEAT: '1h' }, clock),
    (...its) => ([room, server] = its),
  );

  describe('who names a sid', () => {
    it.each(['&sid=', '&sid', '&sid=abc', '&sid=0'])(
      'is written `deliver`, and nothing before hello: %s',
      async (query) => {
        await room.leave('A', '"x"');
        const b = await WsClient.open(wsUrl(server, room.id, 'B', query));
        clock.advance(HOLD_MS);
        b.send('{"type":"sender_ready"}', mailTo('A', '"y"'), '{"type":"delivered","upTo":0}');
        clock.advance(HOLD_MS);
        await b.settled();
        expect(b.frames).toEqual([]);
        b.send({ type: 'hello' });
        await b.settled();
        expect(b.frames).toEqual([mailFrame('deliver', 1, '"x"', 'A')]);
      },
    );

    it('is not written live mail before hello either', async () => {
      const b = await room.join('B', 'deliver');
      const a = await room.hello('A', 'deliver');
      clock.advance(HOLD_MS);
      a.send(mailTo('B', '"x"'));
      await passed(a, b);
      expect(seqsOf(b)).toEqual([]);
      b.send({ type: 'hello', deliveredUpTo: 0 });
      await b.settled();
      expect(seqsOf(b)).toEqual([1]);
    });

    it('does not begin to read with a hello that is not right', async () => {
      await room.leave('A', '"x"');
      const b = await room.join('B', 'deliver');
      b.send(
        '{"type":"hello","deliveredUpTo":-1}',
        '{"type":"hello","deliveredUpTo":"0"}',
        '{"type":"hello","deliveredUpTo":0.5}',
      );
      clock.advance(HOLD_MS);
      await b.settled();
      expect(b.frames).toEqual([]);
    });
  });

  describe('who names no sid', () => {
    it('is written mail without a hello as soon as the hold is over', async () => {
      await room.leave('A', '"x"', '"y"');
      const b = await room.join('B', 'send');
      clock.advance(HOLD_MS);
      await b.settled();
      expect(b.frames).toEqual([mailFrame('send', 1, '"x"', 'A'), mailFrame('send', 2, '"y"', 'A')]);
    });

    it('gets it from the oldest unacknowledged on', async () => {
      await room.leave('A', '"x"', '"y"', '"z"');
      const reader = await room.hello('B', 'deliver', 0);
      reader.send({ type: 'delivered', upTo: 2 });
      await reader.settled();
      await reader.close();
      const b = await room.join('B', 'send');
      clock.advance(HOLD_MS);
      await b.settled();
      expect(seqsOf(b)).toEqual([3]);
    });

    it('gets it with its first frame, whichever that is', async () => {
      await room.leave('A', '"x"');
      const b = await room.join('B', 'send');
      b.send('{"type":"sender_ready"}');
      await b.settled();
      expect(seqsOf(b)).toEqual([1]);
    });

    it('is not written again what it has when it says hello late', async () => {
      await room.leave('A', '"x"', '"y"');
      const b = await room.join('B', 'send');
      clock.advance(HOLD_MS);
      await b.settled();
      b.send({ type: 'hello', deliveredUpTo: 0 });
      await b.settled();
      expect(seqsOf(b)).toEqual([1, 2]);
    });

    it('gets with a first hello(w) only what follows', async () => {
      await room.leave('A', '"x"', '"y"');
      const b = await room.join('B', 'send');
      b.send({ type: 'hello', deliveredUpTo: 1 });
      await b.settled();
      clock.advance(HOLD_MS);
      await b.settled();
      expect(seqsOf(b)).toEqual([2]);
    });

    it('can be written to by who does, and the other way round', async () => {
      const a = await room.hello('A', 'send');
      const b = await room.hello('B', 'deliver');
      a.send(mailTo('B', '1'));
      b.send(mailTo('A', '2'));
      await passed(a, b);
      await passed(b, a);
      expect(a.frames.at(-1)).toBe(mailFrame('send', 1, '2', 'B'));
      expect(b.frames.at(-1)).toBe(mailFrame('deliver', 1, '1', 'A'));
    });
  });
};
