import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { FakeSocket } from '../../../test/support/fake-socket.js';
import { parseSettings } from '../../config/parse-settings.js';
import { LocalMembers } from '../rooms/local-members.js';
import type { Admission } from './admission.js';
import type { Connection } from './connection.js';
import { Endpoint } from './endpoint.js';
import type { PeerSocket } from './peer-socket.js';
import { CHALLENGE_MS, HOLD_MS, Transport } from './transport.js';
import { TransportStats } from './transport-stats.js';

const HEARTBEAT = 20_000;

describe('Transport', () => {
  let clock: FakeClock;
  let transport: Transport;
  let ws: FakeSocket;
  let wire: PassThrough;
  let connection: Connection;
  let events: string[];
  let released: string[];

  function start(environment: Record<string, string> = {}): void {
    clock = new FakeClock();
    events = [];
    released = [];
    const admission = { release: (address: string) => released.push(address) } as unknown as Admission;
    transport = new Transport(parseSettings(environment), clock, admission, new LocalMembers(), new TransportStats());
    const endpoint = new Endpoint('/ws');
    endpoint.serve({
      admit: () => undefined,
      handleConnection: () => events.push('connected'),
      handleRelease: () => events.push('released'),
      handleFrame: (_, data) => events.push(String(data)),
      handleDisconnect: () => events.push('disconnected'),
    });
    connection = transport.connection(
      { path: '/ws', params: {}, query: new URLSearchParams(), address: 'client' },
      endpoint,
    );
    ws = new FakeSocket();
    wire = new PassThrough({ highWaterMark: 1 << 24 });
    transport.open(connection, ws as unknown as PeerSocket, wire);
  }
  beforeEach(() => start());

  const says = (text: string): void => transport.received(connection, Buffer.from(text), false);

  async function written(): Promise<string> {
    await setImmediate();
    return ((wire.read() as Buffer | null) ?? '').toString('latin1').replace(/\x81./g, '|');
  }

  describe('the hold', () => {
    it('writes nothing to a silent new socket before 150 ms have passed, then all in order', async () => {
      for (const frame of ['one', Buffer.from('two')]) connection.send(frame);
      clock.advance(HOLD_MS - 1);
      expect(await written()).toBe('');
      clock.advance(1);
      expect(await written()).toBe('|one|two');
      expect(events).toEqual(['connected', 'released']);
    });

    it('ends with the first message, before that is handled', async () => {
      connection.send('one');
      says('hello');
      connection.send('two');
      expect(await written()).toBe('|one|two');
      expect(events).toEqual(['connected', 'hello', 'released']);
      clock.advance(HOLD_MS);
      expect(events).toHaveLength(3);
    });

    it('is bounded: a new socket for which too much waits is closed as a slow reader', () => {
      start({ WS_MAX_BUFFERED: '1024' });
      connection.send('x'.repeat(1024));
      expect(ws.closed).toBeUndefined();
      connection.send('x');
      expect(ws.closed?.code).toBe(4000);
      expect(events).toEqual(['connected', 'disconnected']);
    });

    it('ends in nothing when the socket has ended', async () => {
      connection.send('one');
      transport.closed(connection, 1006);
      clock.advance(HOLD_MS);
      expect(await written()).toBe('');
      expect(events).toEqual(['connected', 'disconnected']);
    });
  });

  describe('the heartbeat', () => {
    it('pings every HEARTBEAT and keeps who answers', () => {
      for (let i = 1; i <= 5; i++) {
        clock.advance(HEARTBEAT);
        expect(ws.pings).toBe(i);
        transport.ponged(connection);
      }
      expect(ws.closed).toBeUndefined();
      expect(transport.stats.rtt.count).toBe(5);
    });

    it('keeps who only sends messages', () => {
      for (let i = 0; i < 5; i++) {
        clock.advance(HEARTBEAT);
        says('x');
      }
      expect(ws.closed).toBeUndefined();
    });

    it('closes a socket silent for another HEARTBEAT with 4001', () => {
      clock.advance(2 * HEARTBEAT - 1);
      expect(ws.closed).toBeUndefined();
      clock.advance(1);
      expect(ws.closed?.code).toBe(4001);
      expect(events.at(-1)).toBe('disconnected');
    });
  });

  describe('a challenge', () => {
    beforeEach(() => clock.advance(HOLD_MS));

    async function verdict(happens: () => void): Promise<boolean> {
      const answer = connection.challenge();
      happens();
      return answer;
    }

    it('pings, and a pong or any message is an answer', async () => {
      expect(await verdict(() => transport.ponged(connection))).toBe(true);
      expect(ws.pings).toBe(1);
      expect(await verdict(() => says('x'))).toBe(true);
    });

    it('is lost after 1.5 s of silence, not before', async () => {
      const answers = jest.fn();
      const answer = connection.challenge().then(answers);
      clock.advance(CHALLENGE_MS - 1);
      await setImmediate();
      expect(answers).not.toHaveBeenCalled();
      clock.advance(1);
      await answer;
      expect(answers).toHaveBeenCalledWith(false);
    });

    it('is lost when the socket ends, and when it has ended or is closing', async () => {
      expect(await verdict(() => transport.closed(connection, 1006))).toBe(false);
      expect(await connection.challenge()).toBe(false);
      start();
      clock.advance(HOLD_MS);
      ws.readyState = 2;
      expect(await connection.challenge()).toBe(false);
    });

    it('gives all who ask at once one answer for one ping', async () => {
      const answers = [connection.challenge(), connection.challenge()];
      expect(ws.pings).toBe(1);
      transport.ponged(connection);
      expect(await Promise.all(answers)).toEqual([true, true]);
    });

    it('may be made again, each with its own time', async () => {
      await verdict(() => transport.ponged(connection));
      clock.advance(CHALLENGE_MS);
      const answer = connection.challenge();
      clock.advance(CHALLENGE_MS - 1);
      transport.ponged(connection);
      expect(await answer).toBe(true);
    });
  });

  describe('the limits', () => {
    it('close who sends more than WS_FRAMES_PER_SEC within a second with 4002, and handle no more', () => {
      start({ WS_FRAMES_PER_SEC: '3' });
      for (let i = 0; i < 3; i++) says('x');
      clock.advance(1000);
      for (let i = 0; i < 3; i++) says('y');
      expect(ws.closed).toBeUndefined();
      says('z');
      says('z');
      expect(ws.closed?.code).toBe(4002);
      expect(events.filter((event) => event === 'z')).toEqual([]);
    });

    it('close who leaves more than WS_MAX_BUFFERED unread with 4000, and write no more', async () => {
      start({ WS_MAX_BUFFERED: '1024' });
      clock.advance(HOLD_MS);
      for (let i = 0; i < 20; i++) connection.send('x'.repeat(100));
      expect(ws.closed?.code).toBe(4000);
      await written();
      connection.send('late');
      expect(await written()).toBe('');
    });
  });

  describe('the end', () => {
    it('is told once, whoever began it, and gives the admission back when the socket is gone', () => {
      connection.close(1001, 'going away');
      expect(released).toEqual([]);
      connection.close(1008, 'again');
      says('late');
      transport.closed(connection, 1005);
      expect(ws.closed).toEqual({ code: 1001, reason: 'going away' });
      expect(events).toEqual(['connected', 'disconnected']);
      expect(released).toEqual(['client']);
      expect(transport.connections.size).toBe(0);
      expect(transport.stats.closes.get('1001')).toBe(1);
    });

    it('comes with 1011 where the handler throws, for that socket only', () => {
      const broken = new Endpoint('/broken');
      Logger.overrideLogger(false);
      broken.serve({
        admit: () => undefined,
        handleConnection: () => {},
        handleFrame: () => {
          throw new Error('bug');
        },
        handleDisconnect: () => {},
      });
      const faulty = transport.connection(connection.handshake, broken);
      const socket = new FakeSocket();
      transport.open(faulty, socket as unknown as PeerSocket, new PassThrough());
      transport.received(faulty, Buffer.from('x'), false);
      expect(socket.closed?.code).toBe(1011);
      expect(ws.closed).toBeUndefined();
    });
  });
});
