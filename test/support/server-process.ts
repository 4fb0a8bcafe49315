import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = join(ROOT, 'dist/main.js');
const SIGVER = join(ROOT, 'dist/sigver-command.js');
const LOCK = join(ROOT, 'node_modules/.signalbox-build');
const BUILD_MS = 90_000;

/** Generous: a loaded machine starts a process slowly. */
const START_MS = 60_000;

/** Everything else of the environment stays with the tests. */
const DEFAULTS = { PATH: process.env['PATH'] ?? '', HOST: '127.0.0.1', PORT: '0', NO_COLOR: '1' };

const running = new Set<ServerProcess>();

/** For `afterEach`: whatever a test started is gone before the next one begins. */
export async function killServers(): Promise<void> {
  await Promise.all([...running].map((server) => server.kill()));
}

/** The built server as an operator runs it: `node dist/main.js`, settings from the environment. */
export class ServerProcess {
  stdout = '';
  stderr = '';
  exitCode: number | null | undefined;
  readonly process: ChildProcess;
  private readonly exited: Promise<number | null>;

  private readonly listensOn: RegExp;

  private constructor(environment: Record<string, string>, args: string[], program = MAIN) {
    this.listensOn = program === MAIN ? /listening on https?:\/\/[^\s"]+:(\d+)/ : /listening on wss?:\/\/[^\s"]+:(\d+)/;
    this.process = spawn(process.execPath, [program, ...args], { env: { ...DEFAULTS, ...environment }, cwd: ROOT });
    running.add(this);
    this.process.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.process.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.exited = new Promise((done) => {
      this.process.once('close', (code) => {
        running.delete(this);
        this.exitCode = code;
        done(code);
      });
    });
  }

  /** Starts it and waits until it listens. */
  static async start(environment: Record<string, string> = {}): Promise<ServerProcess> {
    await build();
    return new ServerProcess(environment, []).listening();
  }

  /** Starts the command `sigver` and waits until it listens. */
  static async sigver(...args: string[]): Promise<ServerProcess> {
    await build();
    return new ServerProcess({}, args, SIGVER).listening();
  }

  /** Runs the command `sigver` to its end. */
  static async runSigver(...args: string[]): Promise<ServerProcess> {
    await build();
    const server = new ServerProcess({}, args, SIGVER);
    await server.exit();
    return server;
  }

  /** Runs it to its end. */
  static async run(environment: Record<string, string> = {}, ...args: string[]): Promise<ServerProcess> {
    await build();
    const server = new ServerProcess(environment, args);
    await server.exit();
    return server;
  }

  get output(): string {
    return this.stdout + this.stderr;
  }

  /** The port it says it listens on. */
  get port(): number {
    return Number(this.listensOn.exec(this.stdout)?.[1] ?? 0);
  }

  get http(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get ws(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** The id of its media process, or 0. */
  get mediaProcess(): number {
    const { pid } = this.process;
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
  }

  signal(name: NodeJS.Signals): void {
    this.process.kill(name);
  }

  /** Its exit code; null when a signal ended it. */
  async exit(): Promise<number | null> {
    return this.exited;
  }

  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.exited;
  }

  private async listening(): Promise<this> {
    await eventually(() => this.port > 0 || this.mustLive(), { timeout: START_MS });
    return this;
  }

  private mustLive(): false {
    if (this.exitCode !== undefined) throw new Error(`it ended with ${this.exitCode}: ${this.output}`);
    return false;
  }
}

/** Builds the server unless what is built is newer than all sources; one build at a time, whichever worker needs it. */
async function build(): Promise<void> {
  await eventually(takeLock, { timeout: BUILD_MS, interval: 100 });
  try {
    if (isStale()) execFileSync('npm', ['run', 'build'], { cwd: ROOT, stdio: 'pipe' });
  } finally {
    rmSync(LOCK, { recursive: true });
  }
}

function takeLock(): boolean {
  try {
    mkdirSync(LOCK);
    return true;
  } catch {
    const left = statSync(LOCK, { throwIfNoEntry: false });
    if (left && Date.now() - left.mtimeMs > BUILD_MS) rmSync(LOCK, { recursive: true, force: true }); // its owner died
    return false;
  }
}

function isStale(): boolean {
  const built = statSync(MAIN, { throwIfNoEntry: false });
  if (!built) return true;
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  return sources.some((file) => statSync(join(ROOT, 'src', file)).mtimeMs > built.mtimeMs);
}
