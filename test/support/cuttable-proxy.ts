import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

const LOOPBACK = '127.0.0.1';

/** One connection through the proxy: the client's half and the server's. */
interface Link {
  client: Socket;
  /** Absent while the path is dark: nobody has been dialled yet. */
  server?: Socket;
}

/** A TCP proxy in front of a local port, on which networks can be made to fail in the ways they really do. */
export class CuttableProxy {
  /** How many connections clients have made in all. */
  accepted = 0;
  private dark = false;
  private readonly links = new Set<Link>();
  /** Server halves which lost their client without the server being told; kept so that they stay open. */
  private readonly stranded = new Set<Socket>();

  private constructor(
    /** Where connections go; may be changed for those to come. */
    public target: number,
    private readonly listener: Server,
  ) {
    listener.on('connection', (client: Socket) => this.accept(client));
  }

  static async start(target: number): Promise<CuttableProxy> {
    const listener = createServer({ allowHalfOpen: true, pauseOnConnect: true });
    const proxy = new CuttableProxy(target, listener);
    listener.listen(0, LOOPBACK);
    await once(listener, 'listening');
    return proxy;
  }

  get ws(): string {
    return `ws://${LOOPBACK}:${(this.listener.address() as AddressInfo).port}`;
  }

  /** Both ends of every connection see a reset (RST). New connections pass. */
  reset(): void {
    for (const { client, server } of this.links) {
      abort(client);
      if (server) abort(server);
    }
    this.links.clear();
  }

  /** Clients see a reset, the server hears nothing: what a change of network leaves behind. New connections pass. */
  strand(): void {
    for (const { client, server } of this.links) {
      abort(client);
      if (!server) continue;
      server.unpipe().pause();
      this.stranded.add(server);
    }
    this.links.clear();
  }

  /**
   * Nothing passes any more, either way, and nobody is told: no FIN, no RST. As with lost packets, what was sent
   * meanwhile arrives after `restore`, and so does the news of an end that went away.
   */
  blackhole(): void {
    this.dark = true;
    for (const { client, server } of this.links) {
      client.unpipe().pause();
      server?.unpipe().pause();
    }
  }

  restore(): void {
    this.dark = false;
    for (const link of this.links) this.join(link);
  }

  async close(): Promise<void> {
    this.reset();
    for (const server of this.stranded) server.destroy();
    this.listener.close();
    await once(this.listener, 'close');
  }

  private accept(client: Socket): void {
    this.accepted++;
    const link: Link = { client };
    this.links.add(link);
    client.setNoDelay(true);
    client.on('error', () => link.server && abort(link.server));
    client.on('close', () => this.forget(link));
    if (!this.dark) this.join(link);
  }

  /** Lets bytes and ends of stream pass, dialling the server for a client that came in the dark. */
  private join(link: Link): void {
    const server = (link.server ??= this.dial(link));
    link.client.pipe(server);
    server.pipe(link.client);
  }

  private dial(link: Link): Socket {
    const server = connect({ host: LOOPBACK, port: this.target, allowHalfOpen: true, noDelay: true });
    server.on('error', () => abort(link.client));
    server.on('close', () => {
      this.stranded.delete(server);
      this.forget(link);
    });
    return server;
  }

  private forget(link: Link): void {
    if (link.client.destroyed && (link.server?.destroyed ?? true)) this.links.delete(link);
  }
}

/** Ends a socket by RST. While its FIN is under way Node cannot, and would leave the handle behind for ever. */
function abort(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}
