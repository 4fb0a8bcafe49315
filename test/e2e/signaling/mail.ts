import { randomUUID } from 'node:crypto';
import type { Started } from '../../support/places.js';
import { dropSockets, WsClient } from '../../support/ws-client.js';
import { type Place, ROOM_FULL, type Side, wsUrl } from './peers.js';

/** What a URL with a `sid`, even an empty one, asks for; and one without. */
export type Dialect = 'deliver' | 'send';

/** A mail frame as the dialect has it, byte for byte; `payload` is JSON text. */
export function mailFrame(dialect: Dialect, seq: number, payload: string, from: Side): string {
  if (dialect === 'send') return `{"type":"send","seq":${seq},"payload":${payload}}`;
  return `{"type":"deliver","seq":${seq},"from":"${from}","payload":${payload}}`;
}

/** A frame that puts JSON text into a mailbox, untouched by any serializer. */
export const mailTo = (to: string, payload: string) => `{"type":"send","to":"${to}","payload":${payload}}`;

/** One room and those who come and go in it. */
export class MailRoom {
  constructor(
    private readonly server: Place,
    readonly id: string = randomUUID(),
  ) {}

  /** The same room, by way of another node. */
  on(server: { ws: string }): MailRoom {
    return new MailRoom(server, this.id);
  }

  async join(side: Side, dialect: Dialect, more = ''): Promise<WsClient> {
    return WsClient.open(wsUrl(this.server, this.id, side, (dialect === 'deliver' ? '&sid=' : '') + more));
  }

  /** Joins, says hello, and waits for what comes of it. */
  async hello(side: Side, dialect: Dialect, deliveredUpTo?: number, more = ''): Promise<WsClient> {
    const client = await this.join(side, dialect, more);
    client.send({ type: 'hello', sessionId: 's', deliveredUpTo });
    await client.settled();
    return client;
  }

  /** Somebody comes as `from`, leaves these payloads (JSON text) for the other side, and goes. */
  async leave(from: Side, ...payloads: string[]): Promise<void> {
    const client = await this.join(from, 'deliver');
    client.send(...payloads.map((payload) => mailTo(from === 'A' ? 'B' : 'A', payload)));
    await client.settled();
    await client.close();
  }
}

/** For all tests of a suite one server, for each of them a room of its own, which is handed over before it begins. */
export function inRooms(start: () => Promise<Started>, begin: (room: MailRoom, server: Started) => void): void {
  let server: Started;

  beforeAll(async () => {
    server = await start();
  });
  beforeEach(() => begin(new MailRoom(server), server));
  afterEach(dropSockets);
  afterAll(async () => server.close());
}

/** The mail that came, with the numbers as they were given. */
export function mailOf(client: WsClient): { seq: number; payload: unknown }[] {
  return client.frames
    .filter((frame) => frame !== ROOM_FULL)
    .map((frame) => {
      const { seq, payload } = JSON.parse(frame) as { seq: number; payload: unknown };
      return { seq, payload };
    });
}

export const seqsOf = (client: WsClient) => mailOf(client).map(({ seq }) => seq);
export const payloadsOf = (client: WsClient) => mailOf(client).map(({ payload }) => payload);
