import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { AbstractWsAdapter, type GatewayMetadata } from '@nestjs/websockets';
import { Endpoint } from './endpoint.js';
import { handBack } from './hand-back.js';
import { wantsWebSocket } from './handshake.js';
import type { Upgrades } from './upgrades.js';

/**
 * Nest's side of the transport: each gateway's `path` (a pattern) becomes an {@link Endpoint}, which Nest hands to the
 * gateway's `afterInit`. From there on frames go straight to the gateway: Nest's per-message machinery (an RxJS stream
 * and a proxy per frame) would cost as much again as the relay itself.
 */
export class WebSocketAdapter extends AbstractWsAdapter {
  private readonly endpoints: Endpoint[] = [];

  constructor(
    private readonly server: Server,
    private readonly upgrades: Upgrades,
  ) {
    super(server);
    server.on('upgrade', this.onUpgrade);
  }

  create(_port: number, { path, binary }: GatewayMetadata & { binary?: boolean }): Endpoint {
    const endpoint = new Endpoint(String(path), binary);
    this.endpoints.push(endpoint);
    return endpoint;
  }

  /** The endpoint tells its gateway of connections itself; what Nest would call is never called. */
  override bindClientConnect(): void {}

  bindMessageHandlers(): void {}

  /** Sockets are closed by the drain, in their own time. */
  override async close(): Promise<void> {}

  override async dispose(): Promise<void> {
    this.server.off('upgrade', this.onUpgrade);
  }

  private readonly onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (wantsWebSocket(request)) void this.upgrades.handle(this.endpoints, request, socket, head);
    else handBack(this.server, request, socket, head);
  };
}
