import { FakeClock } from '../../../support/fake-clock.js';
import type { Start, Started } from '../../../support/places.js';
import { passed } from '../../../support/ws-client.js';
import { inRooms, mailFrame, MailRoom, mailTo, seqsOf } from '../mail.js';

/** What of mail goes where, byte for byte, wherever its sender is. */
export const mailFrameScenarios = (start: Start) => (): void => {
  let server: Started;
  let room: MailRoom;

  inRooms(
    () => start({}, new FakeClock()),
    (...its) => ([room, server] = its),
  );

  describe('a send', () => {
    it.each(['A', 'a', 'B', 'b'])('to "%s" reaches that side, the sender\'s own included', async (to) => {
      const a = await room.hello('A', 'deliver');
      const b = await room.hello('B', 'deliver');
      a.send(mailTo(to, '"x"'));
      await passed(a, b);
      expect([seqsOf(a), seqsOf(b)]).toEqual(to.toUpperCase() === 'A' ? [[1], []] : [[], [1]]);
    });

    it('to anybody else takes no number', async () => {
      const a = await room.hello('A', 'deliver');
      const b = await room.hello('B', 'deliver');
      for (const to of ['C', '', 'AB', ' B', 'room', '*']) a.send(mailTo(to, '"x"'));
      a.send('{"type":"send","payload":"x"}', '{"type":"send","to":null,"payload":"x"}', '{"type":"send","to":"B"}');
      a.send(mailTo('B', '"real"'));
      await passed(a, b);
      expect(b.frames.at(-1)).toBe(mailFrame('deliver', 1, '"real"', 'A'));
      expect(seqsOf(b)).toEqual([1]);
    });

    it.each([
      '"a string"',
      '""',
      '"{\\"type\\":\\"json in a string\\"}"',
      '"\\u00e9\\n\\/ 😀"',
      '{"b":1,"a":[1.50,-0,1e2,12345678901234567890]}',
      '{ "spaced" : [ 1 , 2 ] }',
      '[]',
      '{}',
      '0',
      'false',
      '{"to":"A","payload":"inner"}',
      '{"seq":99,"type":"delivered"}',
    ])('carries its payload untouched: %s', async (payload) => {
      await room.leave('A', payload);
      const b = await room.hello('B', 'deliver');
      expect(b.frames).toEqual([mailFrame('deliver', 1, payload, 'A')]);
    });

    it.each(['x', 'é', '€', '😀'])(
      'carries it at every length at which a frame is written otherwise: of %s',
      async (character) => {
        const width = Buffer.byteLength(character);
        const payloads = [60, 80, 84, 85, 90, 65_480, 65_535, 65_540, 250_000].map((bytes) =>
          JSON.stringify(character.repeat(bytes / width)),
        );
        await room.leave('A', ...payloads);
        const b = await room.hello('B', 'deliver');
        await b.settled();
        expect(b.frames.map(({ length }) => length)).toEqual(
          payloads.map(({ length }) => length + '{"type":"deliver","seq":1,"from":"A","payload":}'.length),
        );
        expect(b.frames.every((frame, i) => frame === mailFrame('deliver', i + 1, payloads[i]!, 'A'))).toBe(true);
      },
    );

    it('is understood in any order of members, with blanks, and in upper case', async () => {
      const a = await room.hello('A', 'deliver');
      const b = await room.hello('B', 'deliver');
      a.send(
        ' {\n"payload" : "x" , "to":"B","extra":{"payload":"no"}, "type" : "SEND" } ',
        Buffer.from(mailTo('B', '"binary"')),
      );
      await passed(a, b);
      expect(b.frames.slice(-2)).toEqual([
        mailFrame('deliver', 1, '"x"', 'A'),
        mailFrame('deliver', 2, '"binary"', 'A'),
      ]);
    });

    it('belongs to its room only', async () => {
      const other = new MailRoom(server);
      await room.leave('A', '"x"');
      const b = await other.hello('B', 'deliver');
      expect(b.frames).toEqual([]);
    });
  });

  describe('an acknowledgement', () => {
    it.each(['1.5', '-1', '"2"', 'null', '[2]', 'true', '1e400', '{}'])(
      'that is no whole number frees nothing: %s',
      async (upTo) => {
        await room.leave('A', '"x"', '"y"');
        const b = await room.hello('B', 'deliver', 0);
        b.send(`{"type":"delivered","upTo":${upTo}}`);
        await b.settled();
        await b.close();
        expect(seqsOf(await room.hello('B', 'deliver', 0))).toEqual([1, 2]);
      },
    );

    it('frees the mail of its own side only', async () => {
      await room.leave('A', '"for B"');
      await room.leave('B', '"for A"');
      const b = await room.hello('B', 'deliver', 0);
      b.send({ type: 'delivered', upTo: 1 });
      await b.settled();
      expect(seqsOf(await room.hello('A', 'deliver', 0))).toEqual([1]);
    });
  });
};
