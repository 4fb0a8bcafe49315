import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Clock, Timer } from '../../core/clock.js';
import type { FromMedia, MediaSettings, ToMedia } from './contract.js';

/** Waiting time before a process that has died is started again, in ms; doubles with each that did not live long. */
const FIRST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 10_000;

/** A process that has lived this long was well, in ms: the next backoff is the first again. */
const WELL_AFTER_MS = 30_000;

/** How long the process may take to close its peers and go, in ms. */
const STOPPING_MS = 3000;

/**
 * How often it is looked whether the process still says something, which it does every second, in ms; and how many
 * looks in a row may find that it does not. Looks are counted, not milliseconds: a machine that slept has missed none.
 */
const LOOK_EVERY_MS = 10_000;
const MOST_SILENT_LOOKS = 3;

/** The last of what a process printed that is kept to explain its death, in characters. */
const LAST_WORDS = 2000;

const ENTRY = fileURLToPath(new URL('../media-main.js', import.meta.url));

/** `idle`: nobody has needed it yet. `waiting`: it has died and will be started again. */
export type MediaState = 'idle' | 'starting' | 'running' | 'waiting' | 'stopped';

/** What the server wants to know of its media process. */
export interface MediaEvents {
  message(message: FromMedia): void;
  /** It has died, and with it all peers; it is started again in `retryMs`. */
  died(why: string, retryMs: number): void;
}

export type StartProcess = () => ChildProcess;

/** Starts the media process when it is first needed, and again whenever it has died; one that stands still is ended. */
export class Supervisor {
  state: MediaState = 'idle';
  /** How often it has died. */
  deaths = 0;
  private child: ChildProcess | undefined;
  private backoffMs = FIRST_BACKOFF_MS;
  private startedAt = 0;
  private retry: Timer | undefined;
  private watch: Timer | undefined;
  /** Looks since it last said something. */
  private silentLooks = 0;
  /** What was sent while there was no process that takes it. */
  private waiting: ToMedia[] = [];

  constructor(
    private readonly settings: MediaSettings,
    private readonly clock: Clock,
    private readonly events: MediaEvents,
    private readonly startProcess: StartProcess = forkMedia,
  ) {}

  /** Sends a message, as soon as there is a process to take it; starts one if there never was. */
  send(message: ToMedia): void {
    if (this.state === 'stopped') return;
    if (this.state === 'running') return void this.child!.send(message, ignore);
    this.waiting.push(message);
    if (this.state === 'idle') this.start();
  }

  /** Ends the process for good; resolves when it is gone. */
  async stop(): Promise<void> {
    this.state = 'stopped';
    this.retry?.cancel();
    this.watch?.cancel();
    const { child } = this;
    if (!child) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const timer = setTimeout(() => child.kill('SIGKILL'), STOPPING_MS);
    child.send({ type: 'stop' } satisfies ToMedia, ignore);
    await gone;
    clearTimeout(timer);
  }

  private start(): void {
    this.state = 'starting';
    this.startedAt = this.clock.now();
    try {
      this.follow(this.startProcess());
    } catch (error) {
      this.exited(String(error));
    }
  }

  private follow(child: ChildProcess): void {
    if (child.pid === undefined) {
      child.once('error', (error) => this.exited(error.message)); // the system has none to give, and no `exit` follows
      return;
    }
    this.child = child;
    let lastWords = '';
    const keep = (chunk: Buffer | string): void => void (lastWords = (lastWords + chunk.toString()).slice(-LAST_WORDS));
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('message', (message: FromMedia) => this.receive(message));
    child.on('error', (error) => keep(error.message));
    child.once('exit', (code, signal) => this.exited(`${signal ?? `exit code ${code}`} ${lastWords}`.trim()));
    child.send({ type: 'start', settings: this.settings } satisfies ToMedia, ignore);
    this.silentLooks = 0;
    this.watch = this.clock.every(LOOK_EVERY_MS, () => {
      if (++this.silentLooks <= MOST_SILENT_LOOKS) return;
      keep('it stood still');
      child.kill('SIGKILL');
    });
  }

  private receive(message: FromMedia): void {
    this.silentLooks = 0;
    if (message.type === 'ready' && this.state === 'starting') {
      this.state = 'running';
      for (const waiting of this.waiting.splice(0)) this.send(waiting);
    }
    this.events.message(message);
  }

  private exited(why: string): void {
    this.child = undefined;
    this.watch?.cancel();
    if (this.state === 'stopped') return;
    this.state = 'waiting';
    this.deaths++;
    this.waiting = [];
    if (this.clock.now() - this.startedAt >= WELL_AFTER_MS) this.backoffMs = FIRST_BACKOFF_MS;
    const retryMs = this.backoffMs;
    this.backoffMs = Math.min(2 * this.backoffMs, LONGEST_BACKOFF_MS);
    this.retry = this.clock.after(retryMs, () => this.start());
    this.events.died(why, retryMs);
  }
}

/** Without the server's own flags: an inspector's port is taken already. */
function forkMedia(): ChildProcess {
  return fork(ENTRY, { execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
}

/** A channel that breaks is a process that has died; `exit` says so. */
function ignore(): void {}
