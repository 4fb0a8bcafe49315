import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { WsClient } from '../../support/ws-client.js';
import type { Random } from './random.js';

/** How long a client waits before it comes back, in ms. */
const PAUSE_MS = { least: 50, most: 300 };

/** A handshake that takes longer than a store may, and than a loaded machine needs, has hung. In ms. */
const HANDSHAKE_MS = 20_000;

/** What a client does on its sockets. */
export interface Manners {
  /** A socket is open. */
  arrived(socket: WsClient): void;
  /** A text came on the socket that is the present one. */
  heard?(text: string, socket: WsClient): void;
  /** A socket has ended. */
  departed?(socket: WsClient): void;
}

/** A client that comes back, to either node, whenever its socket ends. */
export class Visitor {
  /** The present one, or the one before while there is none. */
  socket: WsClient | undefined;
  /** How many sockets it has opened. */
  visits = 0;
  private node: number;
  private life: Promise<void> | undefined;
  private readonly staying = new AbortController();
  private comesBack = false;

  constructor(
    private readonly nodes: readonly { ws: string }[],
    private readonly path: string,
    private readonly random: Random,
    private readonly manners: Manners,
  ) {
    this.node = random.between(0, nodes.length - 1);
  }

  /** It has a socket, open or about to be. */
  get present(): boolean {
    return this.socket !== undefined && this.socket.closed === undefined;
  }

  get open(): WsClient | undefined {
    return this.socket?.ws.readyState === WebSocket.OPEN ? this.socket : undefined;
  }

  /** It comes, and comes back from now on. */
  begin(): void {
    this.comesBack = true;
    this.life ??= this.live().finally(() => (this.life = undefined));
  }

  /** It does not come back any more; its socket stays. */
  stay(): void {
    this.comesBack = false;
  }

  /** It leaves its node, orderly or not, and goes to the other. */
  move(): void {
    this.node++;
    const socket = this.open;
    if (this.random.chance(0.5)) socket?.ws.close();
    else socket?.terminate();
  }

  /** It is gone for good. */
  async leave(): Promise<void> {
    this.stay();
    this.staying.abort();
    this.socket?.terminate();
    await this.life;
  }

  private async live(): Promise<void> {
    while (this.comesBack) {
      const url = this.nodes[this.node % this.nodes.length]!.ws + this.path;
      const socket = WsClient.begin(url, { handshakeTimeout: HANDSHAKE_MS });
      this.socket = socket;
      this.visits++;
      socket.ws.on('open', () => this.manners.arrived(socket));
      socket.ws.on('message', (data: Buffer) => this.manners.heard?.(data.toString(), socket));
      await socket.end();
      this.manners.departed?.(socket);
      if (this.random.chance(0.5)) this.node++;
      await delay(this.random.between(PAUSE_MS.least, PAUSE_MS.most), undefined, { signal: this.staying.signal }).catch(
        () => undefined, // it leaves for good
      );
    }
  }
}
