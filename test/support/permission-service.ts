import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a fake permission service answers: with a status, or as the handler does, which may be not at all. */
export type Verdict = number | ((request: IncomingMessage, response: ServerResponse) => void);

const running = new Set<FakePermissions>();

/** For `afterEach`. */
export async function stopPermissions(): Promise<void> {
  await Promise.all([...running].map((service) => service.stop()));
}

/** The service at PERMISSIONS_HOST, as a test wants it. */
export class FakePermissions {
  /** Method and target of every request, oldest first. */
  readonly asked: string[] = [];

  private constructor(
    private readonly server: Server,
    /** May be changed at any time. */
    public verdict: Verdict,
  ) {
    running.add(this);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.asked.push(`${request.method} ${request.url}`);
      if (typeof this.verdict === 'function') this.verdict(request, response);
      else response.writeHead(this.verdict).end();
    });
  }

  static async start(verdict: Verdict = 200): Promise<FakePermissions> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FakePermissions(server, verdict);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ends it and every connection to it; from then on its port refuses. */
  async stop(): Promise<void> {
    if (!running.delete(this)) return;
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}
