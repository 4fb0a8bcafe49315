import { ApiError } from '../../src/core/errors.js';
import { type MailboxLimits, MailboxStore } from '../../src/signaling/mailbox-store.js';
import { MemoryMailboxStore } from '../../src/storage/memory/memory-mailbox-store.js';
import { settled } from './fake-peer.js';

type Args<Method extends 'append' | 'read' | 'acknowledge' | 'resume' | 'touch'> = Parameters<MailboxStore[Method]>;

/**
 * Mailboxes as if they were kept by another process: everything happens there in the order in which it was asked for,
 * and the answers come back in that order, when the test lets them: several in one packet, or one by one.
 */
export class RemoteMailboxStore extends MailboxStore {
  /** The other process cannot be reached: everything fails at once, and nothing happens there. */
  away = false;
  private readonly answers: (() => void)[] = [];
  private store: MemoryMailboxStore;

  constructor(private readonly limits: MailboxLimits) {
    super();
    this.store = new MemoryMailboxStore(limits);
  }

  /** Answers that are on their way. */
  get pending(): number {
    return this.answers.length;
  }

  /** Everything is lost: the other process comes back empty. */
  lose(): void {
    this.store = new MemoryMailboxStore(this.limits);
  }

  /** The next so many answers arrive, in one packet. */
  arrive(count = this.answers.length): void {
    for (const answer of this.answers.splice(0, count)) answer();
  }

  /** All answers arrive, and those to what is asked next, until nobody asks any more. */
  async arriveAll(): Promise<void> {
    await settled();
    while (this.answers.length > 0) {
      this.arrive();
      await settled();
    }
  }

  append(...args: Args<'append'>): Promise<number | undefined> {
    return this.ask(() => this.store.append(...args));
  }

  read(...args: Args<'read'>): ReturnType<MailboxStore['read']> {
    // What has been sent does not change any more, whatever happens to the box meanwhile.
    return this.ask(() => this.store.read(...args).then((answer) => structuredClone(answer)));
  }

  acknowledge(...args: Args<'acknowledge'>): Promise<void> {
    return this.ask(() => this.store.acknowledge(...args));
  }

  resume(...args: Args<'resume'>): Promise<number> {
    return this.ask(() => this.store.resume(...args));
  }

  touch(...args: Args<'touch'>): Promise<void> {
    return this.ask(() => this.store.touch(...args));
  }

  depth(): Promise<{ frames: number; bytes: number }> {
    return this.store.depth();
  }

  expire(now: number): Promise<number> {
    return this.store.expire(now);
  }

  /** The memory store does its work when it is called and promises the answer: all that is left is to keep it back. */
  private ask<T>(work: () => Promise<T>): Promise<T> {
    if (this.away) return Promise.reject(new ApiError('unavailable'));
    const answer = work();
    return new Promise((resolve, reject) => {
      this.answers.push(() => void answer.then(resolve, reject));
    });
  }
}
