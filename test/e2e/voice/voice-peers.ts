import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Child, type Message } from '../../support/child.js';
import { eventually } from '../../support/eventually.js';

const SCRIPT = fileURLToPath(new URL('./clients/peers.mjs', import.meta.url));

/** ICE and DTLS on a machine that is busy with something else. */
export const PATIENCE = { timeout: 60_000 };

/** A packet as it arrived. */
export interface Heard {
  mid: string;
  payloadType: number;
  marker: boolean;
  sequence: number;
  timestamp: number;
  ssrc: number;
  extended: number;
  /** The id of its sender, and the how-manieth of its turn. */
  text: string;
}

export interface PeerOptions {
  user?: string;
  client?: string;
  form?: 'raw' | 'prefixed';
  /** Further voices it can hear at once. */
  slots?: number;
  /** The level its packets carry, in -dBov. */
  level?: number;
  payloadType?: number;
  query?: string;
  /** Whether it never sends. */
  listens?: boolean;
}

export const claimOf = (user: string, client: string): string => JSON.stringify({ userid: user, clientid: client });

/** Voice clients in a process of their own. */
export class VoicePeers {
  private readonly child = new Child(SCRIPT);

  /** @param server something with the `ws` address of the server */
  constructor(private readonly server: { ws: string }) {}

  /** Connects a client; `id` is its user too unless given. */
  async connect(id: string, options: PeerOptions = {}): Promise<VoicePeer> {
    const { user = id, client = 'device', ...rest } = options;
    const known = this.child.messages.length;
    this.child.send({ do: 'connect', id, ws: this.server.ws, claim: claimOf(user, client), ...rest });
    const after = (message: Message): boolean => this.child.messages.indexOf(message) >= known && message.id === id;
    const ends = ['connected', 'unconnected'];
    const message = await this.child.waitFor((each) => after(each) && ends.includes(each.event), PATIENCE);
    if (message.event === 'unconnected') throw new Error(`${id}: ${String(message.reason)}`);
    return new VoicePeer(id, this.child);
  }
}

/** One of them. */
export class VoicePeer {
  constructor(
    readonly id: string,
    private readonly child: Child,
  ) {}

  /** Sends a packet every 20 ms: so many, or until it is hushed. */
  talk(packets?: number): void {
    this.child.send({ do: 'talk', id: this.id, packets });
  }

  hush(): void {
    this.child.send({ do: 'hush', id: this.id });
  }

  /** The level of what it sends from now on. */
  setLevel(level: number): void {
    this.child.send({ do: 'set', id: this.id, level });
  }

  /** Closes its WebSocket, as a client may once it is connected. */
  hangUp(): void {
    this.child.send({ do: 'hangUp', id: this.id });
  }

  /** Ends its media too. */
  close(): void {
    this.child.send({ do: 'close', id: this.id });
  }

  /** All that has arrived so far: packets, and frames of its WebSocket. */
  async tell(): Promise<{ heard: Heard[]; frames: string[] }> {
    const request = randomUUID();
    this.child.send({ do: 'tell', id: this.id, request });
    return (await this.child.waitFor((each) => each.request === request, PATIENCE)) as unknown as {
      heard: Heard[];
      frames: string[];
    };
  }

  /** Waits until it has heard so many packets of this other. */
  async hears(other: VoicePeer, packets = 5): Promise<Heard[]> {
    return eventually(async () => {
      const { heard } = await this.tell();
      const found = heard.filter(({ text }) => text.startsWith(`${other.id} `));
      if (found.length < packets)
        throw new Error(`${this.id} heard ${found.length} of ${other.id}, ${heard.length} in all`);
      return found;
    }, PATIENCE);
  }

  /** The frame with which its WebSocket was closed. */
  async closed(): Promise<{ code: number; reason: string }> {
    const message = await this.child.waitFor(({ event, id }) => event === 'closed' && id === this.id, PATIENCE);
    return message as unknown as { code: number; reason: string };
  }

  /** Whether its WebSocket was closed. */
  isClosed(): boolean {
    return this.child.messages.some(({ event, id }) => event === 'closed' && id === this.id);
  }
}
