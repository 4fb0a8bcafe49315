import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { httpAnswer } from '../core/http/http-answer.js';
import { serverOptions } from '../core/http/server-options.js';
import { watchCertificate } from '../core/http/tls.js';
import { upgradeRequired } from '../core/http/websocket-path.js';
import { Endpoint } from '../core/websocket/endpoint.js';
import { Upgrades } from '../core/websocket/upgrades.js';
import type { Session } from './session.js';
import { SigverGateway } from './sigver.gateway.js';

const { status, headers, body } = httpAnswer(upgradeRequired());

/**
 * Sigver's own port, SIGVER_PORT: the key is the whole path, as Sigver's clients have it. What opens there belongs to the
 * same groups as under /sigver/ on the main port.
 */
@Injectable()
export class SigverListener implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(SigverListener.name);
  private server: Server | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly upgrades: Upgrades,
    private readonly gateway: SigverGateway,
  ) {}

  /** The port it listens on; undefined without SIGVER_PORT. */
  get port(): number | undefined {
    return (this.server?.address() as AddressInfo | null | undefined)?.port;
  }

  /** Rejects when the port cannot be had; the application does not start then. */
  async onApplicationBootstrap(): Promise<void> {
    const { host, sigverPort, tlsCertFile } = this.settings;
    if (sigverPort === undefined) return;
    const options = serverOptions(this.settings);
    const server = tlsCertFile ? createTlsServer(options) : createServer(options);
    const endpoint = new Endpoint<Session>('/*key', true);
    endpoint.serve(this.gateway);
    this.upgrades.attach(server, [endpoint]);
    server.on('request', (_request, response) => response.writeHead(status, headers).end(body));
    server.listen(sigverPort, host);
    await once(server, 'listening');
    this.server = server;
    watchCertificate(server, this.settings);
    const scheme = tlsCertFile ? 'wss' : 'ws';
    this.logger.log(`listening on ${scheme}://${host.includes(':') ? `[${host}]` : host}:${this.port}`);
  }

  onApplicationShutdown(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }
}
