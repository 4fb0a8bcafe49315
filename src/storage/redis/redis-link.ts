import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { RedisAddress } from '../../config/redis-url.js';
import type { Clock, Timer } from '../../core/clock.js';
import { Dependency } from '../../core/dependency.js';
import { LuaScript } from './lua-script.js';
import { COMMAND_TIMEOUT_MS, redisOptions } from './redis-options.js';
import { asUnavailable, unavailable } from './redis-unavailable.js';
import { SettlingCommand } from './settling-command.js';

/** What the names of all our keys and channels begin with. */
export const KEY_PREFIX = 'signalbox:';

/** How often the server is asked whether it is there, in ms; with the time it has to answer, a loss shows within 3 s. */
const HEARTBEAT_MS = 1000;

/** How long the start of the process waits for the server, in ms; then it goes on without. */
const FIRST_CONTACT_MS = 2000;

/** What may wait to be sent to a server that does not take it, in bytes; it is given up within seconds then. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

/** A deadline that nobody misses: the heartbeat is what tells the server's time. */
const NO_DEADLINE = Number.MAX_SAFE_INTEGER;

/** Runs a Lua script: all or nothing. Strings and numbers go in, what the script returns comes out. */
export type Script = (keys: string[], ...args: (string | number)[]) => Promise<unknown>;

/** As {@link Script}; the answer is handed over in order with the messages of channels, never when this rejects. */
export type OrderedScript = (
  keys: string[],
  args: (string | number)[],
  settle: (reply: unknown) => void,
) => Promise<void>;

/**
 * The connection to Redis, shared by all adapters. Everything sent through it ends within {@link COMMAND_TIMEOUT_MS}:
 * while the server is away commands fail at once with the ApiError `unavailable`, and nothing is queued for its return.
 */
export class RedisLink extends Dependency implements OnModuleInit, OnApplicationShutdown {
  readonly dependency = 'redis';

  private readonly logger = new Logger(RedisLink.name);
  private readonly client: Redis;
  private readonly scripts: LuaScript[] = [];
  private readonly heartbeat = new LuaScript('heartbeat');
  private readonly channels = new Map<string, (message: Buffer) => void>();
  private readonly upListeners: (() => void)[] = [];
  private readonly downListeners: (() => void)[] = [];
  private readonly timer: Timer;
  private reachable = false;
  private changedAt: number;
  private beating = false;
  /** By how much the server's clock is ahead of this process's stopwatch, in ms; too much by the way there at most. */
  private ahead = 0;
  private lastError: Error | undefined;

  constructor(
    address: RedisAddress,
    private readonly clock: Clock,
  ) {
    super();
    this.changedAt = clock.now();
    this.client = new Redis(redisOptions(address));
    this.client.on('ready', () => void this.beat());
    this.client.on('close', this.lost);
    this.client.on('error', (error) => (this.lastError = error));
    this.client.on('messageBuffer', (channel: Buffer, message: Buffer) =>
      this.channels.get(channel.toString())?.(message),
    );
    this.timer = clock.every(HEARTBEAT_MS, () => void this.beat());
  }

  get up(): boolean {
    return this.reachable;
  }

  get since(): number {
    return this.changedAt;
  }

  /** Calls back each time the server has come (back), perhaps empty, perhaps another one; at once if it is there. */
  onUp(listener: () => void): void {
    this.upListeners.push(listener);
    if (this.up) listener();
  }

  /** Calls back each time the server is lost. */
  onDown(listener: () => void): void {
    this.downListeners.push(listener);
  }

  /** Makes a script of files in `lua/` callable. A call that the server would execute after it was given up is refused there. */
  script(...files: string[]): Script {
    const script = new LuaScript(...files);
    this.scripts.push(script);
    return (keys, ...args) => this.command(() => this.evaluate(script, keys, args, this.deadline()));
  }

  /** Makes a script callable whose answers have one order with the messages of the channels listened to. */
  orderedScript(...files: string[]): OrderedScript {
    const script = new LuaScript(...files);
    this.scripts.push(script);
    return (keys, args, settle) =>
      this.command(async (redis) => {
        const all = [keys.length, ...keys, ...args, this.deadline()];
        const send = (name: string, body: string): Promise<unknown> =>
          redis.sendCommand(new SettlingCommand(name, [body, ...all], settle)) as Promise<unknown>;
        await send('evalsha', script.sha).catch((error: unknown) => {
          if (!isMissing(error)) throw error;
          return send('eval', script.source);
        });
      });
  }

  /** Listens to a channel, on the connection on which commands are sent: whatever is sent from now on, this came first. */
  listen(channel: string, hear: (message: Buffer) => void): void {
    this.channels.set(channel, hear);
    if (this.client.status === 'ready') this.client.subscribe(channel).catch(ignore); // or with the next connection
  }

  /**
   * Sends a message to who listens now. At most once: nothing is kept while the server is away, or while more than
   * {@link MAX_WAITING_BYTES} wait for it.
   * @returns whether it was sent
   */
  publish(channel: string, message: Buffer): boolean {
    if (!this.up || this.client.stream.writableLength > MAX_WAITING_BYTES) return false;
    this.client.publish(channel, message).catch(ignore);
    return true;
  }

  /**
   * Sends commands.
   * @throws ApiError `unavailable` when they cannot be sent, or are not answered in time: they may have been executed.
   */
  async command<T>(send: (redis: Redis) => Promise<T>): Promise<T> {
    if (!this.up) throw unavailable();
    this.cork();
    try {
      return await send(this.client);
    } catch (error) {
      throw asUnavailable(error);
    }
  }

  /** Gives the server a moment, so that a node which listens can work as a rule. */
  async onModuleInit(): Promise<void> {
    if (this.up) return;
    await new Promise<void>((resolve) => {
      const patience = this.clock.after(FIRST_CONTACT_MS, () => {
        this.reportAway();
        resolve();
      });
      this.onUp(() => {
        patience.cancel();
        resolve();
      });
    });
  }

  onApplicationShutdown(): void {
    this.timer.cancel();
    this.client.off('close', this.lost);
    this.client.disconnect();
  }

  private readonly lost = (): void => this.turn(false);

  /** All that is sent in one tick leaves in one packet: ioredis by itself makes a system call for each command. */
  private cork(): void {
    const { stream } = this.client;
    if (stream.writableCorked > 0) return;
    stream.cork();
    process.nextTick(() => stream.uncork());
  }

  private async beat(): Promise<void> {
    if (this.beating || this.client.status !== 'ready') return;
    this.beating = true;
    try {
      if (!this.up) await this.prepare();
      const asked = performance.now();
      this.ahead = Number(await this.evaluate(this.heartbeat, [`${KEY_PREFIX}heartbeat`], [], NO_DEADLINE)) - asked;
      this.turn(true);
    } catch (error) {
      this.lastError = error as Error;
      this.turn(false);
      // Whatever the address leads to by now may be better.
      if (this.client.status === 'ready') this.client.disconnect(true);
    } finally {
      this.beating = false;
    }
  }

  /** Scripts are there before the first call: one that is sent again, in full, would be overtaken by those behind it. */
  private async prepare(): Promise<void> {
    const { client, channels } = this;
    const listening = channels.size > 0 ? [client.subscribe(...channels.keys())] : [];
    await Promise.all([...listening, ...this.scripts.map(({ source }) => client.script('LOAD', source))]);
  }

  private async evaluate(script: LuaScript, keys: string[], args: (string | number)[], deadline: number) {
    const all = [...keys, ...args, deadline];
    try {
      return await this.client.evalsha(script.sha, keys.length, ...all);
    } catch (error) {
      if (!isMissing(error)) throw error;
      return await this.client.eval(script.source, keys.length, ...all);
    }
  }

  private deadline(): number {
    return Math.ceil(performance.now() + this.ahead + COMMAND_TIMEOUT_MS);
  }

  private turn(up: boolean): void {
    if (up === this.reachable) return;
    this.reachable = up;
    this.changedAt = this.clock.now();
    if (up) this.logger.log('Redis is there');
    else this.reportAway();
    this.lastError = undefined;
    for (const listener of up ? this.upListeners : this.downListeners) listener();
  }

  private reportAway(): void {
    this.logger.warn(`Redis is away: ${this.lastError?.message ?? 'the connection ended'}`);
  }
}

/** The server has not got the script: somebody has flushed them. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}

/** Who publishes does not wait for an answer; that the server is away is told elsewhere. */
function ignore(): void {}
