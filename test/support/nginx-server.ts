import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

/** Where Debian puts it: not on everyone's path. */
export const NGINX = '/usr/sbin/nginx';

const SITE = join(__dirname, '../../deploy/nginx/signalbox.conf');
const START_MS = 60_000;

const running = new Set<NginxServer>();

/** For `afterEach` and `afterAll`: whatever a test started is gone. */
export async function stopNginx(): Promise<void> {
  await Promise.all([...running].map((server) => server.stop()));
}

/** What an operator puts into the file of deploy/: where the nodes are, and where nginx listens. */
export function siteFor(port: number, nodes: readonly [number, number]): string {
  return readFileSync(SITE, 'utf8')
    .replace(/node-([12]):1234/g, (_, n: string) => `127.0.0.1:${nodes[Number(n) - 1]}`)
    .replace('listen 80;', `listen 127.0.0.1:${port};`);
}

/** A whole configuration around a site, which writes nowhere but into the folder. */
export function writeConfiguration(folder: string, site: string): string {
  const scratch = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((of) => `${of}_temp_path ${folder}/${of};`);
  const path = join(folder, 'nginx.conf');
  // One process, as who runs the tests: what one worker learns of a node, all requests know; and nothing outlives a kill.
  const main = `daemon off; master_process off; pid ${folder}/pid; error_log stderr; events {}`;
  writeFileSync(path, `${main} http { access_log off; ${scratch.join(' ')} ${site} }`);
  return path;
}

/** Debian's nginx with the site of deploy/ in front of two nodes. */
export class NginxServer {
  private readonly folder = mkdtempSync(join(tmpdir(), 'signalbox-nginx-'));
  private readonly process: ChildProcess;
  private readonly exited: Promise<void>;
  private ended: string | undefined;
  private log = '';

  private constructor(
    readonly port: number,
    site: string,
  ) {
    const path = writeConfiguration(this.folder, site);
    this.process = spawn(NGINX, ['-e', 'stderr', '-p', this.folder, '-c', path], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    running.add(this);
    this.process.stderr!.on('data', (chunk: Buffer) => (this.log = (this.log + chunk.toString()).slice(-4000)));
    this.exited = new Promise((done) => {
      this.process.once('error', (error) => done(void (this.ended = error.message)));
      this.process.once('close', (code, signal) => done(void (this.ended = `it ended: ${signal ?? code}`)));
    });
  }

  /**
   * Starts it and waits until it takes connections.
   * @param nodes their ports
   * @param edit what this test has otherwise in the site
   */
  static async start(nodes: readonly [number, number], edit = (site: string): string => site): Promise<NginxServer> {
    const port = await freePort();
    const server = new NginxServer(port, edit(siteFor(port, nodes)));
    await eventually(() => server.accepts(), { timeout: START_MS });
    return server;
  }

  get http(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get ws(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    running.delete(this);
    this.process.kill('SIGKILL');
    await this.exited;
    rmSync(this.folder, { recursive: true });
  }

  private async accepts(): Promise<void> {
    if (this.ended !== undefined) throw new Error(`nginx: ${this.ended}\n${this.log}`);
    await new Promise<void>((accepted, refused) => {
      const probe = connect(this.port, '127.0.0.1', () => {
        probe.destroy();
        accepted();
      });
      probe.once('error', refused);
    });
  }
}
