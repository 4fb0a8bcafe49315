import { RoomKey } from '../../support/room-key.js';
import { type RoomFrame, rosterFrom } from '../../support/room-roster.js';
import { roomUrl } from '../../support/room-peer.js';
import type { WsClient } from '../../support/ws-client.js';
import type { Random } from './random.js';
import { Visitor } from './visitor.js';

/** A peer of a named room that comes back with its key until it is let in. */
export class Guest {
  readonly key = new RoomKey();
  readonly visitor: Visitor;
  /** Histories that cannot have been. */
  readonly wrong: string[] = [];

  constructor(nodes: readonly { ws: string }[], room: string, random: Random) {
    this.visitor = new Visitor(nodes, roomUrl('', room), random.fork(), {
      arrived: (socket) => socket.send({ type: 'register', publicKey: this.key.jwk }),
      heard: (text, socket) => this.heard(text, socket),
      departed: (socket) => this.check(socket),
    });
  }

  /** The others, as it was told on its present socket; undefined while it has not been let in. */
  get roster(): string[] | undefined {
    const roster = this.visitor.open && rosterFrom(framesOf(this.visitor.open));
    return roster && [...roster.keys()].sort();
  }

  /** Whether the text has come from the peer on its present socket. */
  got(text: string): boolean {
    return this.visitor.open?.frames.includes(text) ?? false;
  }

  private heard(text: string, socket: WsClient): void {
    const { type, code } = JSON.parse(text) as RoomFrame;
    if (type !== 'error' || code === 'unknown_peer') return; // who it wrote to has just left
    if (code !== 'id_in_use' && code !== 'unavailable') this.wrong.push(text);
    socket.ws.close();
  }

  private check(socket: WsClient): void {
    try {
      rosterFrom(framesOf(socket));
    } catch (error) {
      this.wrong.push(`${(error as Error).message}: ${socket.frames.join('\n')}`);
    }
  }
}

function framesOf(socket: WsClient): RoomFrame[] {
  return socket.frames.map((frame) => JSON.parse(frame) as RoomFrame);
}
