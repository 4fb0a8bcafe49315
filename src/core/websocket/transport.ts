import type { Duplex } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { Clock } from '../clock.js';
import { Deadlines } from '../deadlines.js';
import { CloseCode } from '../errors.js';
import { LocalMembers } from '../rooms/local-members.js';
import { Admission } from './admission.js';
import { Connection } from './connection.js';
import type { Endpoint } from './endpoint.js';
import type { Handshake } from './handshake.js';
import { PeerSocket } from './peer-socket.js';
import { TransportStats } from './transport-stats.js';

/** How long a new socket that stays silent is written nothing, in ms: clients attach their listener only after `open`. */
export const HOLD_MS = 150;

/** How long a challenged peer has to show a sign of life, in ms: many round trips, and not long for who waits. */
export const CHALLENGE_MS = 1500;

const SECOND_MS = 1000;

/** All open sockets of this node: their hold, their heartbeat, their limits. One timer for each of these, not per socket. */
@Injectable()
export class Transport {
  readonly maxBuffered: number;
  readonly connections = new Set<Connection>();

  private readonly framesPerSecond: number;
  private readonly heartbeatMs: number;
  private readonly holds: Deadlines<Connection>;
  private readonly challenges: Deadlines<Connection>;
  private readonly heartbeats: Deadlines<Connection>;

  constructor(
    settings: Settings,
    private readonly clock: Clock,
    private readonly admission: Admission,
    readonly members: LocalMembers,
    readonly stats: TransportStats,
  ) {
    this.maxBuffered = settings.wsMaxBuffered;
    this.framesPerSecond = settings.wsFramesPerSec;
    this.heartbeatMs = settings.heartbeat;
    this.holds = new Deadlines(clock, HOLD_MS, (connection) => this.release(connection));
    this.challenges = new Deadlines(clock, CHALLENGE_MS, (connection) => connection.settle(false));
    this.heartbeats = new Deadlines(clock, settings.heartbeat, (connection) => this.beat(connection));
  }

  /** A connection whose handshake is not answered yet. */
  connection(handshake: Handshake, endpoint: Endpoint): Connection {
    const connection = new Connection(this.members.nextId(), handshake, endpoint, this);
    this.members.add(connection);
    return connection;
  }

  /** Takes over a socket whose handshake has just been answered: in the same tick it listens and its peers reach it. */
  open(connection: Connection, ws: PeerSocket, socket: Duplex): void {
    this.connections.add(connection);
    this.stats.connections++;
    ws.attach(connection, this);
    connection.open(ws, socket);
    if (connection.ended) return;
    this.holds.add(connection);
    this.heartbeats.add(connection);
    connection.endpoint.connected(connection);
  }

  received(connection: Connection, data: Buffer, isBinary: boolean): void {
    if (connection.ended) return;
    this.stats.frameIn(data.length);
    connection.signOfLife();
    if (this.framesPerSecond > 0 && this.isTooFast(connection)) {
      connection.close(CloseCode.TooFast, 'too many messages per second');
      return;
    }
    connection.spoke = true;
    const { holding } = connection;
    if (holding) connection.release();
    connection.endpoint.received(connection, data, isBinary);
    if (holding) this.released(connection);
  }

  ponged(connection: Connection): void {
    if (!connection.answered) this.stats.rtt.observe((this.clock.now() - connection.pingedAt) / SECOND_MS);
    connection.signOfLife();
  }

  closed(connection: Connection, code: number): void {
    connection.leave();
    this.stats.closes.add(String(connection.closeCode ?? code));
    this.admission.release(connection.handshake.address);
    this.connections.delete(connection);
    this.holds.delete(connection);
    this.challenges.delete(connection);
    this.heartbeats.delete(connection);
  }

  /** Somebody doubts this peer: it has {@link CHALLENGE_MS} to answer. */
  challenged(connection: Connection): void {
    connection.ping(this.clock.now());
    this.challenges.add(connection);
  }

  private release(connection: Connection): void {
    if (connection.ended || !connection.holding) return;
    connection.release();
    this.released(connection);
  }

  private released(connection: Connection): void {
    this.holds.delete(connection);
    if (!connection.ended) connection.endpoint.released(connection);
  }

  private beat(connection: Connection): void {
    const now = this.clock.now();
    if (!connection.answered && now - connection.pingedAt >= this.heartbeatMs) {
      connection.close(CloseCode.HeartbeatMissed, 'heartbeat missed');
      return;
    }
    connection.ping(now);
    this.heartbeats.add(connection);
  }

  private isTooFast(connection: Connection): boolean {
    const now = this.clock.now();
    if (now >= connection.secondEndsAt) {
      connection.secondEndsAt = now + SECOND_MS;
      connection.framesThisSecond = 0;
    }
    return ++connection.framesThisSecond > this.framesPerSecond;
  }
}
