import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Clock } from '../../core/clock.js';
import { reportFault } from '../../core/report-fault.js';
import { Deadlines } from '../../core/deadlines.js';
import type { LocalMembers } from '../../core/rooms/local-members.js';
import { type Farewell, type Frame, type Member, memberId, nodeOf } from '../../core/rooms/member.js';
import { ANSWER_MS, type Line, NodeBus } from '../../core/rooms/node-bus.js';
import { RemoteMember } from '../../core/rooms/remote-member.js';
import type { Change } from '../../core/rooms/room-directory.js';
import { type Answered, type Asked, Batch, isBatch, Kind, readBatch } from './bus-messages.js';
import { type Judgement, NodeLeases } from './node-leases.js';
import { KEY_PREFIX, type RedisLink } from './redis-link.js';
import { parseChange } from './room-records.js';

/** What the name of a node's channel begins with. */
export const CHANNEL_PREFIX = `${KEY_PREFIX}node:`;

/** A batch of this size leaves at once, in bytes: larger messages make everybody else wait. */
const FULL_BATCH_BYTES = 64 * 1024;

/** How long somebody who enters waits for other nodes to know of it, in ms: many times what it takes them. */
const HEARD_MS = 250;

/**
 * One channel per node. What this node has for another one goes, in order, in one message per turn of the event loop (the
 * frames of many sockets, each read in a tick of its own), and always before the next command of the directory: nobody
 * hears a frame of a member that has left.
 */
export class RedisNodeBus extends NodeBus implements Line, OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(RedisNodeBus.name);
  private readonly leases: NodeLeases;
  private readonly batches = new Map<string, Batch>();
  private readonly questions = new Map<number, (answer: boolean | undefined) => void>();
  private readonly unanswered: Deadlines<number>;
  private asked = 0;
  private hearChange: (change: Change) => void = () => {};

  constructor(
    private readonly link: RedisLink,
    private readonly members: LocalMembers,
    private readonly clock: Clock,
  ) {
    super();
    this.leases = new NodeLeases(link, members.node, clock);
    this.unanswered = new Deadlines(clock, ANSWER_MS, (id) => this.answered({ id, answer: undefined }));
    link.listen(CHANNEL_PREFIX + members.node, (message) => this.hear(message));
  }

  onModuleInit(): void {
    this.leases.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.flush();
    await this.leases.stop();
  }

  member(id: string): Member | undefined {
    const node = nodeOf(id);
    if (node === this.members.node) return undefined;
    this.leases.watch(node);
    return new RemoteMember(id, this);
  }

  onGone(listener: (node: string) => Promise<void>): void {
    this.leases.onGone(listener);
  }

  onReturn(listener: () => void): void {
    this.leases.onReturn(listener);
  }

  /** What other nodes' scripts have told this one. */
  onChange(listener: (change: Change) => void): void {
    this.hearChange = listener;
  }

  retire(): Promise<void> {
    return this.leases.retire();
  }

  judge(nodes: readonly string[]): Promise<Judgement> {
    return this.leases.judge(nodes);
  }

  send(member: string, frame: Frame): void {
    this.add(Kind.Frame, member, frame);
  }

  note(member: string, note: string): void {
    this.add(Kind.Note, member, note);
  }

  /** Resolves once these nodes have taken all that was sent to them before; or soon, as one of them may be gone. */
  async heardBy(nodes: readonly string[]): Promise<void> {
    if (nodes.length === 0) return;
    const heard = Promise.all(nodes.map((node) => this.ask(memberId(node, 0), 'heard')));
    await new Promise<void>((resolve) => {
      const patience = this.clock.after(HEARD_MS, resolve);
      void heard.then(() => {
        patience.cancel();
        resolve();
      });
    });
  }

  ask(member: string, question: Asked['question'], farewell?: Farewell): Promise<boolean | undefined> {
    const id = ++this.asked;
    const asked: Asked = { node: this.members.node, id, question, farewell };
    this.add(Kind.Question, member, JSON.stringify(asked));
    this.unanswered.add(id);
    return new Promise((resolve) => this.questions.set(id, resolve));
  }

  /** Sends what is for other nodes now. */
  flush(): void {
    if (this.batches.size === 0) return;
    for (const [node, batch] of this.batches) {
      if (!this.link.publish(CHANNEL_PREFIX + node, batch)) this.dropped += batch.count;
    }
    this.batches.clear();
  }

  private add(kind: Kind, member: string, body: Frame): void {
    const split = member.indexOf(':');
    this.addTo(member.slice(0, split), kind, Number(member.slice(split + 1)), body);
  }

  private addTo(node: string, kind: Kind, member: number, body: Frame): void {
    let batch = this.batches.get(node);
    if (!batch) {
      if (this.batches.size === 0) setImmediate(this.flushSoon);
      this.batches.set(node, (batch = new Batch()));
    }
    batch.add(kind, member, body);
    if (batch.bytes >= FULL_BATCH_BYTES) this.flush();
  }

  private readonly flushSoon = (): void => this.flush();

  /** Whatever goes wrong with one message, the next is heard. */
  private hear(message: Buffer): void {
    try {
      if (isBatch(message)) this.hearBatch(message);
      else this.hearChange(parseChange(message.toString()));
    } catch (error) {
      reportFault(this.logger, error);
    }
  }

  private hearBatch(message: Buffer): void {
    for (const { kind, member, body } of readBatch(message)) {
      if (kind === Kind.Answer) this.answered(JSON.parse(body.toString()) as Answered);
      else this.perform(kind, this.members.get(memberId(this.members.node, member)), body);
    }
  }

  private perform(kind: Kind, member: Member | undefined, body: Buffer): void {
    if (kind === Kind.Frame) member?.send(body);
    else if (kind === Kind.Note) member?.note(body.toString());
    else {
      const asked = JSON.parse(body.toString()) as Asked;
      answer(asked, member).then(
        (answer) => this.addTo(asked.node, Kind.Answer, 0, JSON.stringify({ id: asked.id, answer })),
        (error: unknown) => reportFault(this.logger, error),
      );
    }
  }

  private answered({ id, answer }: Answered): void {
    this.unanswered.delete(id);
    this.questions.get(id)?.(answer);
    this.questions.delete(id);
  }
}

/** A member that is no more has nothing to say, and has left its rooms. */
async function answer({ question, farewell }: Asked, member: Member | undefined): Promise<boolean | undefined> {
  switch (question) {
    case 'challenge':
      return member ? member.challenge() : false;
    case 'displaceSilent':
      return member?.displaceSilent();
    case 'heard':
      return true;
    case 'evict':
      await member?.evict(farewell);
      return undefined;
  }
}
