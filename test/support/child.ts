import { type ChildProcess, fork } from 'node:child_process';

/** What a child reports with `process.send`: always an `event`, and whatever belongs to it. `failed` ends all waiting. */
export type Message = { event: string } & Record<string, unknown>;

interface Waiter {
  matches: (message: Message) => boolean;
  resolve: (message: Message) => void;
  reject: (reason: Error) => void;
}

const living = new Set<Child>();

/** For `afterEach`: whatever a test started is gone before the next one begins, also when it failed half-way. */
export async function killChildren(): Promise<void> {
  await Promise.all([...living].map((child) => child.kill()));
}

/**
 * A script in a process of its own, for clients which do not fit into Jest's: native add-ons that bring their process
 * down, packages which patch globals. It gets its parameters as JSON in argv[2], takes commands and reports by IPC.
 */
export class Child {
  /** Everything reported so far, oldest first. */
  readonly messages: Message[] = [];
  private readonly waiters = new Set<Waiter>();
  private readonly process: ChildProcess;
  private readonly exited: Promise<void>;
  private output = '';

  constructor(
    private readonly script: string,
    parameters: object = {},
  ) {
    // Not Jest's own flags, and not its console: what the child prints is shown when something goes wrong.
    this.process = fork(script, [JSON.stringify(parameters)], { execArgv: [], silent: true });
    living.add(this);
    this.process.stdout?.on('data', (chunk: Buffer) => this.keep(chunk));
    this.process.stderr?.on('data', (chunk: Buffer) => this.keep(chunk));
    this.process.on('message', (message: Message) => this.receive(message));
    this.process.on('error', (error) => this.fail(error.message));
    this.exited = new Promise((resolve) => {
      this.process.once('exit', (code, signal) => {
        living.delete(this);
        this.fail(`it ended (${signal ?? `exit code ${code}`})`);
        resolve();
      });
    });
  }

  send(command: object): void {
    this.process.send(command, (error) => error && this.fail(error.message));
  }

  /** The first message, of those already here and those to come, for which `matches` holds. */
  async waitFor(matches: (message: Message) => boolean, { timeout = 10_000 } = {}): Promise<Message> {
    const known = this.messages.find(matches);
    if (known) return known;
    let timer: NodeJS.Timeout | undefined;
    let waiter: Waiter | undefined;
    try {
      return await new Promise<Message>((resolve, reject) => {
        waiter = { matches, resolve, reject };
        this.waiters.add(waiter);
        if (!living.has(this)) this.fail('it has ended');
        this.failIfTold(this.messages);
        timer = setTimeout(() => this.fail(`no such message in ${timeout} ms`, waiter), timeout);
      });
    } finally {
      clearTimeout(timer);
      if (waiter) this.waiters.delete(waiter);
    }
  }

  /** The first message of this event. */
  async event(event: string, patience?: { timeout?: number }): Promise<Message> {
    return this.waitFor((message) => message.event === event, patience);
  }

  /** At once and without its consent: exit handlers are where the native add-ons crash. */
  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.exited;
  }

  private receive(message: Message): void {
    this.messages.push(message);
    for (const waiter of this.waiters) if (waiter.matches(message)) waiter.resolve(message);
    this.failIfTold([message]);
  }

  private failIfTold(messages: Message[]): void {
    const failed = messages.find((message) => message.event === 'failed');
    if (failed) this.fail(`it reported: ${String(failed.reason)}`);
  }

  private fail(why: string, only?: Waiter): void {
    const told = this.messages.slice(-5).map((message) => JSON.stringify(message).slice(0, 300));
    const reason = [`${this.script}: ${why}`, 'last messages:', ...told, 'output:', this.output].join('\n');
    for (const waiter of only ? [only] : this.waiters) waiter.reject(new Error(reason));
  }

  private keep(chunk: Buffer): void {
    this.output = (this.output + chunk.toString()).slice(-4_000);
  }
}
