import { CuttableProxy } from '../../support/cuttable-proxy.js';
import { ServerProcess } from '../../support/server-process.js';

/** A node to which things happen; its clients and Redis reach it by ways that can be cut, and that stay when it starts again. */
export class ShakyNode {
  private server: ServerProcess | undefined;

  private constructor(
    /** Where clients go in. */
    readonly door: CuttableProxy,
    /** Its way to Redis. */
    readonly link: CuttableProxy,
  ) {}

  /** One that does not run yet. */
  static async before(redisPort: number): Promise<ShakyNode> {
    const nowhere = 0;
    return new ShakyNode(await CuttableProxy.start(nowhere), await CuttableProxy.start(redisPort));
  }

  get ws(): string {
    return this.door.ws;
  }

  get http(): string {
    return this.ws.replace('ws:', 'http:');
  }

  async start(): Promise<void> {
    const REDIS_URL = this.link.ws.replace('ws:', 'redis:');
    this.server = await ServerProcess.start({ REDIS_URL, DRAIN_DELAY: '500ms', VOICE: 'off' });
    this.door.target = this.server.port;
  }

  async kill(): Promise<void> {
    await this.server?.kill();
  }

  /** Tells it to end, and waits until it has; it must end well. */
  async terminate(): Promise<void> {
    this.server?.signal('SIGTERM');
    const code = await this.server?.exit();
    if (code !== 0) throw new Error(`a node that was told to end ended with ${code}: ${this.server?.output}`);
  }

  async close(): Promise<void> {
    await this.kill();
    await Promise.all([this.door.close(), this.link.close()]);
  }
}
