import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { type Speaker, speakerKey } from '../media/tap.js';
import { Audience } from './audience.js';
import { encodePresence, packetStart, parseHead, parsePresence, subjectsOf } from './crossing.frames.js';

/** Speakers that are kept as objects for one conversation; beyond it all are made anew. */
const MAX_SPEAKERS = 1000;

/** A conversation with clients here, as it is on the other nodes. */
export class CrossedConversation {
  readonly audience = new Audience();
  private readonly subjects;
  private readonly speakers = new Map<string, Speaker>();
  private subscriptions: Subscription[] = [];

  constructor(
    private readonly id: string,
    private readonly node: string,
  ) {
    this.subjects = subjectsOf(id);
  }

  /** Listens from now on, says so, and asks who else does. */
  open(
    connection: NatsConnection,
    on: { packet: (message: Msg) => void; presence: (message: Msg) => void; error: (error: unknown) => void },
  ): void {
    this.audience.clear();
    this.subscriptions = [
      connection.subscribe(this.subjects.packets, { callback: guarded(on.packet, on.error) }),
      connection.subscribe(this.subjects.nodes, { callback: guarded(on.presence, on.error) }),
    ];
    this.say(connection, { listens: true, asks: true });
  }

  /** The connection, and with it all subscriptions, has ended. */
  cut(): void {
    this.subscriptions = [];
    this.audience.clear();
  }

  close(connection: NatsConnection): void {
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    this.cut();
    this.say(connection, { listens: false, asks: false });
  }

  say(connection: NatsConnection, presence: { listens: boolean; asks: boolean }): void {
    connection.publish(this.subjects.nodes, encodePresence({ node: this.node, ...presence }));
  }

  /** Takes in what another node says; answers if it asks. @throws Error if it makes no sense. */
  told(connection: NatsConnection, text: string, now: number): void {
    const { node, listens, asks } = parsePresence(text);
    this.audience.told(node, listens, now);
    if (asks) this.say(connection, { listens: true, asks: false });
  }

  /** Returns how many bytes went out. */
  publish(connection: NatsConnection, head: Buffer, packet: Buffer): number {
    const message = Buffer.concat([head, packet]);
    connection.publish(this.subjects.packets, message);
    return message.length;
  }

  /** What another node heard. @throws Error if it makes no sense. */
  read(data: Uint8Array): { packet: Buffer; speaker: Speaker } {
    const message = Buffer.from(data.buffer, data.byteOffset, data.length);
    const start = packetStart(message);
    return { packet: message.subarray(start), speaker: this.speaker(message.subarray(0, start)) };
  }

  /** The same object for the same bytes, which are not parsed for every packet. */
  private speaker(head: Buffer): Speaker {
    const name = head.toString('latin1');
    const known = this.speakers.get(name);
    if (known) return known;
    const voice = parseHead(head);
    const speaker: Speaker = Object.freeze({ ...voice, conversation: this.id, key: speakerKey(voice) });
    if (this.speakers.size >= MAX_SPEAKERS) this.speakers.clear();
    this.speakers.set(name, speaker);
    return speaker;
  }
}

/** The library stops reading when a callback throws. */
function guarded(handle: (message: Msg) => void, failed: (error: unknown) => void) {
  return (error: Error | null, message: Msg): void => {
    try {
      if (error) throw error;
      handle(message);
    } catch (reason) {
      failed(reason);
    }
  };
}
