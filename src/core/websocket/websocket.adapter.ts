import type { Server } from 'node:http';
import { AbstractWsAdapter, type GatewayMetadata } from '@nestjs/websockets';
import { Endpoint } from './endpoint.js';
import type { Upgrades } from './upgrades.js';

/**
 * Nest's side of the transport: each gateway's `path` (a pattern) becomes an {@link Endpoint}, which Nest hands to the
 * gateway's `afterInit`. From there on frames go straight to the gateway: Nest's per-message machinery (an RxJS stream
 * and a proxy per frame) would cost as much again as the relay itself.
 */
export class WebSocketAdapter extends AbstractWsAdapter {
  private readonly endpoints: Endpoint[] = [];
  private readonly detach: () => void;

  constructor(server: Server, upgrades: Upgrades) {
    super(server);
    this.detach = upgrades.attach(server, this.endpoints);
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
    this.detach();
  }
}
