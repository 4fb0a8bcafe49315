import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually } from './eventually.js';

const LOOPBACK = '127.0.0.1';
const PATIENCE = { timeout: 60_000 };

const servers = new Set<RedisServer>();

/** For `afterEach` and `afterAll`: no server outlives the tests that started it, whatever state they left it in. */
export async function killRedisServers(): Promise<void> {
  await Promise.all([...servers].map((server) => server.dispose()));
}

/** A real redis-server on a free port, with a folder of its own, to which anything may be done. */
export class RedisServer {
  protected readonly folder = mkdtempSync(join(tmpdir(), 'signalbox-redis-'));
  /** For the test's own looks at the data; waits for the server where that is away. */
  readonly client: Redis;
  private process: ChildProcess | undefined;
  private exited: Promise<unknown> = Promise.resolve();

  protected constructor(
    readonly port: number,
    private readonly flags: string[] = [],
  ) {
    servers.add(this);
    this.client = new Redis({
      port,
      host: LOOPBACK,
      lazyConnect: true,
      disconnectTimeout: 100,
      retryStrategy: () => 50,
    });
    this.client.on('error', () => undefined); // it is meant to go away
  }

  /** Starts one, empty, and waits until it answers. `flags` are redis-server's. */
  static async start(...flags: string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), flags);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://${LOOPBACK}:${this.port}`;
  }

  /** Starts it (again) on its port, with what {@link save} has written, if anything. */
  async start(): Promise<void> {
    const child = spawn('redis-server', this.arguments(), { stdio: 'ignore' });
    this.process = child;
    this.exited = once(child, 'exit');
    await eventually(async () => {
      if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`);
      await this.client.ping();
    }, PATIENCE);
  }

  protected arguments(): string[] {
    const data = ['--dir', this.folder, '--save', '', '--repl-diskless-sync-delay', '0'];
    return ['--bind', LOOPBACK, '--port', `${this.port}`, ...data, ...this.flags];
  }

  /** Ends it without a farewell; its port stays free, so connections are refused until {@link start}. */
  async kill(): Promise<void> {
    this.process?.kill('SIGKILL');
    await this.exited;
    this.process = undefined;
  }

  /** Writes all data to its folder, for the next {@link start}. */
  async save(): Promise<void> {
    await this.client.save();
  }

  /** It stands still: connections stay open and are accepted, nothing is answered. */
  pause(): void {
    this.process?.kill('SIGSTOP');
  }

  resume(): void {
    this.process?.kill('SIGCONT');
  }

  /** Starts another server that follows this one, and waits until it has all that is here. */
  async replicate(): Promise<RedisServer> {
    const replica = await RedisServer.start('--replicaof', LOOPBACK, `${this.port}`);
    await eventually(
      async () => (await replica.client.info('replication')).includes('master_link_status:up'),
      PATIENCE,
    );
    return replica;
  }

  /** Makes a replica a master of its own. */
  async promote(): Promise<void> {
    await this.client.call('REPLICAOF', 'NO', 'ONE');
  }

  /** Ends it and forgets its data. */
  async dispose(): Promise<void> {
    servers.delete(this);
    this.client.disconnect();
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A port of loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const listener = createServer().listen(0, LOOPBACK);
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, 'close');
  return port;
}
