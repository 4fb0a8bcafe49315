import { type ChildProcess, spawn } from 'node:child_process';
import { delimiter } from 'node:path';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

const LOOPBACK = '127.0.0.1';

/** Generous: the machine may be busy with everything else that the tests start. */
const START_MS = 60_000;

const running = new Set<NatsServer>();

/** For `afterEach`: whatever a test started is gone before the next one begins, its connections included. */
export async function stopNats(): Promise<void> {
  await Promise.all([...running].map((server) => server.stop()));
}

/** A real nats-server on a port of its own, which may die, stand still, and come back on the same port. */
export class NatsServer {
  private process: ChildProcess | undefined;
  private exited: Promise<void> | undefined;
  private readonly clients: NatsConnection[] = [];

  private constructor(
    private readonly port: number,
    private readonly args: string[],
  ) {
    running.add(this);
  }

  /** @param args further arguments of nats-server */
  static async start(...args: string[]): Promise<NatsServer> {
    const server = new NatsServer(await freePort(), args);
    await server.restart();
    return server;
  }

  /** One that does not run yet; its port is kept for it. */
  static async absent(): Promise<NatsServer> {
    return new NatsServer(await freePort(), []);
  }

  get url(): string {
    return `nats://${LOOPBACK}:${this.port}`;
  }

  /** A connection of the test's own, which ends with the server. */
  async client(): Promise<NatsConnection> {
    const client = await connect({ servers: `${LOOPBACK}:${this.port}`, reconnect: false });
    this.clients.push(client);
    return client;
  }

  /** Starts it, again if it was killed, and waits until it serves. */
  async restart(): Promise<void> {
    const args = ['-a', LOOPBACK, '-p', String(this.port), ...this.args];
    const path = [process.env['PATH'] ?? '', '/usr/sbin'].join(delimiter); // where Debian puts it, not on everyone's path
    const child = spawn('nats-server', args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, PATH: path },
    });
    let log = '';
    let ended: string | undefined;
    child.stderr.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4000)));
    this.process = child;
    this.exited = new Promise((done) => {
      child.once('error', (error) => done(void (ended = error.message)));
      child.once('close', (code, signal) => done(void (ended = `it ended: ${signal ?? code}`)));
    });
    const serves = (): boolean => {
      if (ended !== undefined) throw new Error(`nats-server: ${ended}\n${log}`);
      return log.includes('Server is ready');
    };
    await eventually(serves, { timeout: START_MS });
  }

  /** Dies without a word. */
  async kill(): Promise<void> {
    this.process?.kill('SIGKILL');
    await this.exited;
  }

  /** Stands still: connections stay open, and nothing comes of them. */
  pause(): void {
    this.process?.kill('SIGSTOP');
  }

  resume(): void {
    this.process?.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    running.delete(this);
    await this.kill();
    await Promise.all(this.clients.map((client) => client.close()));
  }
}
