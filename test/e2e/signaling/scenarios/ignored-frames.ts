import { FakeClock } from '../../../support/fake-clock.js';
import type { Start, Started } from '../../../support/places.js';
import { dropSockets, passed } from '../../../support/ws-client.js';
import { both, join, pair } from '../peers.js';

const MARK = '{"type":"sender_ready","mark":1}';

/** What PROTOCOLS.md 1.4 and 1.6 give no meaning; with the code that `?errors=1` is told. */
const UNUSABLE: [code: string, frame: string | Buffer][] = [
  ['not_json', ''],
  ['not_json', ' '],
  ['not_json', 'hello'],
  ['not_json', '{"type":"offer"'],
  ['not_json', "{'type':'offer'}"],
  ['not_json', '{"type":"offer"}{"type":"offer"}'],
  ['not_json', '\uFEFF{"type":"offer"}'],
  ['not_json', Buffer.alloc(0)],
  ['not_json', Buffer.from([0xff, 0xfe, 0x00])],
  ['not_json', Buffer.concat([Buffer.from('{"type":"offer","sdp":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])],
  ['not_object', '[]'],
  ['not_object', '[{"type":"offer"}]'],
  ['not_object', '"offer"'],
  ['not_object', '7'],
  ['not_object', 'null'],
  ['not_object', 'true'],
  ['unknown_type', '{}'],
  ['unknown_type', '{"type":""}'],
  ['unknown_type', '{"type":" offer"}'],
  ['unknown_type', '{"type":"offers"}'],
  ['unknown_type', '{"type":null}'],
  ['unknown_type', '{"type":["offer"]}'],
  ['unknown_type', '{"type":{"type":"offer"}}'],
  ['unknown_type', '{"type":"room_full"}'],
  ['unknown_type', '{"type":"deliver","seq":1,"payload":"x"}'],
  ['unknown_type', '{"type":"peer_left"}'],
  ['unknown_type', '{"type":"__proto__"}'],
  ['unknown_type', '{"__proto__":{"type":"offer"}}'],
  ['unknown_type', '{"type":"offer","type":"nonsense"}'],
  ['bad_number', '{"type":"delivered"}'],
  ['bad_number', '{"type":"delivered","upTo":-1}'],
  ['bad_number', '{"type":"delivered","upTo":1.5}'],
  ['bad_number', '{"type":"delivered","upTo":"1"}'],
  ['bad_number', '{"type":"hello","deliveredUpTo":-1}'],
  ['bad_number', '{"type":"hello","deliveredUpTo":"0"}'],
  ['bad_number', '{"type":"hello","deliveredUpTo":1e30}'],
  ['bad_target', '{"type":"send","payload":"x"}'],
  ['bad_target', '{"type":"send","to":"C","payload":"x"}'],
  ['bad_target', '{"type":"send","to":"","payload":"x"}'],
  ['bad_target', '{"type":"send","to":["A"],"payload":"x"}'],
  ['no_payload', '{"type":"send","to":"B"}'],
  ['bad_event', '{"type":"telemetry"}'],
  ['bad_event', '{"type":"telemetry","event":"ice-maybe"}'],
];

/** What is not understood is nothing to anybody, wherever the other side is. */
export const ignoredFrameScenarios = (start: Start) => (): void => {
  describe('a frame without a meaning', () => {
    let server: Started;
    const clock = new FakeClock();

    beforeAll(async () => {
      server = await start({}, clock);
    });
    afterEach(dropSockets);
    afterAll(async () => server.close());

    it.each(UNUSABLE)('(%s) is ignored in silence, and the socket stays open: %s', async (_code, frame) => {
      const { a, b } = await pair(server, clock);
      a.send(frame, MARK);
      await passed(a, b);
      expect([a.frames, b.frames, a.closed]).toEqual([[], [MARK], undefined]);
    });

    it('is nothing to the other side either: telemetry, hello and delivered are not relayed', async () => {
      const { a, b } = await pair(server, clock);
      a.send({ type: 'telemetry', event: 'ice-connected' }, { type: 'hello' }, { type: 'delivered', upTo: 0 }, MARK);
      await passed(a, b);
      expect([a.frames, b.frames]).toEqual([[], [MARK]]);
    });

    it('is explained to who asks for it with errors=1, and to nobody else', async () => {
      const { room, b, a: former } = await pair(server, clock);
      await former.close();
      const a = await join(server, room, 'A', '&errors=1');
      a.send(MARK);
      await both(a, b);
      for (const { frames } of [a, b]) frames.length = 0;
      a.send(...UNUSABLE.map(([, frame]) => frame));
      await both(a, b);
      const told = a.frames.map((frame) => JSON.parse(frame) as { type: string; code: string; message: string });
      expect(told.map(({ type, code }) => `${type} ${code}`)).toEqual(UNUSABLE.map(([code]) => `error ${code}`));
      expect(told.every(({ message }) => message.length > 0)).toBe(true);
      expect(b.frames).toEqual([]);
    });

    it.each(['&errors=0', '&errors=', '&errors', '&errors=true'])('is not explained for %s', async (query) => {
      const { room, a: former } = await pair(server, clock);
      await former.close();
      const a = await join(server, room, 'A', query);
      a.send('{}');
      await a.settled();
      expect(a.frames).toEqual(['{"type":"room_full"}']);
    });
  });

  describe('too many frames without a meaning', () => {
    let server: Started;
    const clock = new FakeClock();

    beforeAll(async () => {
      server = await start({ WS_BAD_FRAMES_PER_MIN: '5', HEARTBEAT: '1h' }, clock);
    });
    afterEach(dropSockets);
    afterAll(async () => server.close());

    const five = ['{}', 'x', '[]', '', '{"type":"nope"}'];

    it('within a minute close the socket with 4501', async () => {
      const { a, b } = await pair(server, clock);
      a.send(...five, MARK);
      await passed(a, b);
      expect([a.closed, b.frames]).toEqual([undefined, [MARK]]);
      a.send('{}');
      expect(await a.end()).toMatchObject({ code: 4501 });
      expect(b.closed).toBeUndefined();
    });

    it('are explained to who asked before the socket is closed', async () => {
      const { room, a: former } = await pair(server, clock);
      await former.close();
      const a = await join(server, room, 'A', '&errors=1');
      a.send(...five, '{}');
      expect(await a.end()).toMatchObject({ code: 4501 });
      const codes = a.frames.slice(1).map((frame) => (JSON.parse(frame) as { code: string }).code);
      expect(codes.slice(0, 5)).toEqual(['unknown_type', 'not_json', 'not_object', 'not_json', 'unknown_type']);
    });

    it('are counted anew every minute', async () => {
      const { a, b } = await pair(server, clock);
      for (let minute = 0; minute < 3; minute++) {
        a.send(...five);
        await a.settled();
        clock.advance(60_000);
      }
      a.send(...five, MARK);
      await passed(a, b);
      expect([a.closed, b.frames]).toEqual([undefined, [MARK]]);
      a.send('{}');
      expect(await a.end()).toMatchObject({ code: 4501 });
    });

    it('are not what useful frames are counted as', async () => {
      const { a, b } = await pair(server, clock);
      a.send(...Array.from({ length: 500 }, () => MARK), { type: 'hello' }, { type: 'telemetry', event: 'ice-failed' });
      await passed(a, b);
      expect([a.closed, b.frames.length]).toEqual([undefined, 500]);
    });

    it('free the side for who comes next', async () => {
      const { room, a } = await pair(server, clock);
      a.send(...five, '{}');
      await a.end();
      const again = await join(server, room, 'A');
      again.send(MARK);
      await again.settled();
      expect(again.frames).toEqual(['{"type":"room_full"}']);
    });

    it('are no matter of sides: each socket has its own count', async () => {
      const { a, b } = await pair(server, clock);
      a.send(...five);
      b.send(...five);
      await both(a, b);
      expect([a.closed, b.closed]).toEqual([undefined, undefined]);
    });
  });
};
