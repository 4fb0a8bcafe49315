import type { ClientOptions } from 'ws';
import { eventually } from './eventually.js';
import { RoomKey } from './room-key.js';
import { type RoomFrame, rosterFrom, type RosterEntry } from './room-roster.js';
import { WsClient } from './ws-client.js';

/** Generous: a loaded machine may take its time. */
const PATIENCE = { timeout: 20_000 };

export function roomUrl(ws: string, room: string): string {
  return `${ws}/room/${encodeURIComponent(room)}/websocket`;
}

/** A client of named rooms. */
export class RoomPeer {
  private constructor(
    readonly client: WsClient,
    readonly room: string,
    readonly key: RoomKey,
  ) {}

  /** A socket that has not registered. */
  static async open(ws: string, room: string, key = new RoomKey(), options: ClientOptions = {}): Promise<RoomPeer> {
    return RoomPeer.openAt(roomUrl(ws, room), room, key, options);
  }

  /** @param room the name that the URL has, decoded */
  static async openAt(url: string, room: string, key = new RoomKey(), options: ClientOptions = {}): Promise<RoomPeer> {
    return new RoomPeer(await WsClient.open(url, options), room, key);
  }

  /** A socket that has been welcomed, unproven. */
  static async join(ws: string, room: string, key = new RoomKey(), options: ClientOptions = {}): Promise<RoomPeer> {
    const peer = await RoomPeer.open(ws, room, key, options);
    peer.register();
    await peer.next('welcome');
    return peer;
  }

  /** A socket that has been welcomed after it proved its key. */
  static async joinProven(ws: string, room: string, key = new RoomKey()): Promise<RoomPeer> {
    const peer = await RoomPeer.open(ws, room, key);
    await peer.prove();
    await peer.next('welcome');
    return peer;
  }

  get id(): string {
    return this.key.id;
  }

  get frames(): RoomFrame[] {
    return this.client.frames.map((frame) => JSON.parse(frame) as RoomFrame);
  }

  /** The others, as its frames tell. */
  get roster(): Map<string, RosterEntry> | undefined {
    return rosterFrom(this.frames);
  }

  send(...frames: (string | object)[]): void {
    this.client.send(...frames);
  }

  register(more: object = {}): void {
    this.send({ type: 'register', publicKey: this.key.jwk, ...more });
  }

  /** Asks for a challenge and answers it. */
  async prove(): Promise<void> {
    const nonce = await this.challenge();
    this.send({ type: 'prove', signature: this.key.prove(this.room, nonce) });
  }

  /** Asks for a challenge. */
  async challenge(): Promise<string> {
    const seen = this.of('challenge').length;
    this.register({ proof: true });
    return (await this.next('challenge', seen)).nonce!;
  }

  of(type: string): RoomFrame[] {
    return this.frames.filter((frame) => frame.type === type);
  }

  /** Codes of all the errors it was told, in order. */
  get errors(): string[] {
    return this.of('error').map(({ code }) => code!);
  }

  /** The first frame of the type, or the one after so many, as soon as it is there. */
  async next(type: string, seen = 0): Promise<RoomFrame> {
    return eventually(() => {
      const frame = this.of(type)[seen];
      if (!frame)
        throw new Error(`no ${type} among ${this.client.frames.join()}; ${JSON.stringify(this.client.closed)}`);
      return frame;
    }, PATIENCE);
  }

  /** The errors told so far are these, as soon as they are. */
  async told(...codes: string[]): Promise<void> {
    await eventually(() => expect(this.errors).toEqual(codes), PATIENCE);
  }

  /** Its roster holds exactly these, as soon as it does. */
  async sees(...peers: RoomPeer[]): Promise<void> {
    const ids = peers.map(({ id }) => id).sort();
    await eventually(() => expect([...(this.roster?.keys() ?? ['no welcome'])].sort()).toEqual(ids), PATIENCE);
  }
}
