import { randomUUID } from 'node:crypto';
import { eventually } from '../../../support/eventually.js';
import { FakeClock } from '../../../support/fake-clock.js';
import type { Start, Started } from '../../../support/places.js';
import { dropRawSockets, RawSocket } from '../../../support/raw-http.js';
import {
  dropSockets,
  handshakeRequest,
  maskedFrame,
  Opcode,
  passed,
  textFramesIn,
  type WsClient,
} from '../../../support/ws-client.js';
import { both, join, ROOM_FULL } from '../peers.js';

const OFFER = '{"type":"offer","sdp":"v=0"}';
const ICE = ['{"type":"ice","n":1}', '{"type":"ice","n":2}', '{"type":"ice","cand":null}'];

/**
 * What a new socket is written, and when, wherever the other side is: real clients attach their listener after `open`, and
 * what is written right behind the 101 is lost on them.
 */
export const holdScenarios = (start: Start) => (): void => {
  describe('a new socket', () => {
    let server: Started;
    let clock: FakeClock;
    let room: string;

    beforeAll(async () => {
      clock = new FakeClock();
      server = await start({}, clock);
    });
    beforeEach(() => {
      room = randomUUID();
    });
    afterEach(() => {
      dropSockets();
      dropRawSockets();
    });
    afterAll(async () => server.close());

    /** The first in the room, its hold over. */
    const first = async (side: 'A' | 'B' = 'A'): Promise<WsClient> => {
      const client = await join(server, room, side);
      client.send({ type: 'hello' });
      await client.settled();
      return client;
    };

    it('is written nothing while it is silent and less than 150 ms old', async () => {
      const a = await first();
      const b = await join(server, room, 'B');
      a.send(OFFER);
      await passed(a, b);
      clock.advance(149);
      await b.settled();
      expect(b.frames).toEqual([]);
      clock.advance(6);
      await b.settled();
      expect(b.frames).toEqual([ROOM_FULL, OFFER]);
    });

    it('is written what was held when its first frame arrives', async () => {
      const a = await first();
      const b = await join(server, room, 'B');
      a.send(OFFER);
      await passed(a, b);
      expect(b.frames).toEqual([]);
      b.send({ type: 'hello', side: 'B' });
      await b.settled();
      expect(b.frames).toEqual([ROOM_FULL, OFFER]);
    });

    it('is written room_full first, then the relays in order, then what comes later', async () => {
      const a = await first();
      const b = await join(server, room, 'B');
      a.send(OFFER, ICE[0]!, ICE[1]!);
      await passed(a, b);
      b.send('{"type":"answer"}');
      a.send(ICE[2]!);
      await passed(a, b);
      expect(b.frames).toEqual([ROOM_FULL, OFFER, ...ICE]);
    });

    it('counts any message as its first: one without a meaning, and a binary one', async () => {
      for (const frame of ['nonsense', Buffer.from('{"type":"hello"}'), '']) {
        room = randomUUID();
        await first();
        const b = await join(server, room, 'B');
        b.send(frame);
        await b.settled();
        expect(b.frames).toEqual([ROOM_FULL]);
      }
    });

    it('is not spoken to for a ping or a pong of its own', async () => {
      await first();
      const b = await join(server, room, 'B');
      b.ws.ping();
      b.ws.pong();
      await b.settled();
      expect(b.frames).toEqual([]);
    });

    it('holds up nobody but itself: the first in the room hears of it at once', async () => {
      const a = await first();
      const b = await join(server, room, 'B');
      await both(a, b);
      expect([a.frames, b.frames]).toEqual([[ROOM_FULL], []]);
    });

    it('is heard by the other side from its first frame on, also while that one is still held', async () => {
      const a = await join(server, room, 'A');
      const b = await join(server, room, 'B');
      b.send(OFFER, ICE[0]!);
      await passed(b, a);
      expect([a.frames, b.frames]).toEqual([[], [ROOM_FULL]]);
      a.send({ type: 'hello' });
      await a.settled();
      expect(a.frames).toEqual([ROOM_FULL, OFFER, ICE[0]]);
    });

    it('is told room_full again after every rejoin, as is the other side', async () => {
      const a = await first();
      for (let round = 1; round <= 3; round++) {
        const b = await first('B');
        await both(a, b);
        expect(b.frames).toEqual([ROOM_FULL]);
        expect(a.frames).toEqual(Array.from({ length: round }, () => ROOM_FULL));
        await b.close();
      }
    });

    it('is told nothing of room_full as long as it is alone', async () => {
      const a = await first();
      clock.advance(1000);
      await a.settled();
      expect(a.frames).toEqual([]);
    });

    it('that leaves while held takes nothing with it', async () => {
      const a = await first();
      const b = await join(server, room, 'B');
      a.send(OFFER);
      await a.settled();
      b.terminate();
      await b.end();
      const again = await join(server, room, 'B');
      again.send({ type: 'hello' });
      await again.settled();
      expect(again.frames).toEqual([ROOM_FULL]);
    });
  });

  describe('frames that come in one segment with the handshake', () => {
    let server: Started;

    beforeAll(async () => {
      server = await start();
    });
    afterEach(() => {
      dropSockets();
      dropRawSockets();
    });
    afterAll(async () => server.close());

    it('are all heard, in order', async () => {
      const room = randomUUID();
      const a = await join(server, room, 'A');
      const raw = await RawSocket.open(server.other ?? server);
      const frames = ['{"type":"hello","side":"B"}', OFFER, ...ICE].map((frame) => maskedFrame(Opcode.Text, frame));
      await raw.write(Buffer.concat([Buffer.from(handshakeRequest(`/ws?appID=${room}&side=B`)), ...frames]));
      await eventually(() => expect(a.frames).toEqual([ROOM_FULL, OFFER, ...ICE]));
      await eventually(() => expect(textFramesIn(raw.received)).toEqual([ROOM_FULL]));
      expect(await raw.answer()).toMatchObject({ status: 101 });
    });

    it('are heard also when they come in pieces', async () => {
      const room = randomUUID();
      const a = await join(server, room, 'A');
      const raw = await RawSocket.open(server.other ?? server);
      const bytes = Buffer.concat([
        Buffer.from(handshakeRequest(`/ws?appID=${room}&side=B`)),
        maskedFrame(Opcode.Text, OFFER),
        maskedFrame(Opcode.Text, ICE[0]!),
      ]);
      for (let at = 0; at < bytes.length; at += 7) await raw.write(bytes.subarray(at, at + 7));
      await eventually(() => expect(a.frames).toEqual([ROOM_FULL, OFFER, ICE[0]]));
    });
  });
};
