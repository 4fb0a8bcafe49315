import { type NatsConnection, type Msg } from '@nats-io/transport-node';
import { NatsTap } from '../../../src/voice/broker/nats-tap.js';
import { type Clock, SystemClock } from '../../../src/core/clock.js';
import { type Speaker, speakerKey } from '../../../src/voice/media/tap.js';

/** NATS and processes may take their time on a busy machine. */
export const PATIENT = { timeout: 60_000 };

const taps: NatsTap[] = [];

/** What a media process taps conversations with, and what came to it from other nodes. */
export interface Node {
  tap: NatsTap;
  remote: { packet: Buffer; speaker: Speaker }[];
  logged: string[];
}

export function openNode(server: string | string[], clock: Clock = new SystemClock()): Node {
  const logged: string[] = [];
  const remote: Node['remote'] = [];
  const log = (level: string, message: string) => logged.push(`${level}: ${message}`);
  const tap = new NatsTap([server].flat(), log, clock);
  tap.onRemote = (packet, speaker) => remote.push({ packet, speaker });
  taps.push(tap);
  return { tap, remote, logged };
}

/** Its timers run, but nothing grows old: on a busy machine packets may wait for longer than they may before they cross. */
export class AgelessClock extends SystemClock {
  private readonly time = Date.now();

  override now(): number {
    return this.time;
  }
}

/** For `afterEach`. */
export async function closeNodes(): Promise<void> {
  await Promise.all(taps.splice(0).map((tap) => tap.close()));
}

export function speaker(conversation: string, user = 'u', client = 'c'): Speaker {
  return { conversation, user, client, key: speakerKey({ user, client }), levelId: 1 };
}

/** An RTP packet (RFC 3550, 5.1) of payload type 111 with this sequence number, and as much speech. */
export function rtp(sequence: number, bytes = 80): Buffer {
  const packet = Buffer.alloc(12 + bytes, sequence);
  packet.writeUInt16BE(0x806f);
  packet.writeUInt16BE(sequence % 65_536, 2);
  packet.writeUInt32BE(sequence, 4); // as timestamp, so that more than 65,536 can be told apart
  return packet;
}

export const numberOf = (packet: Uint8Array): number => Buffer.from(packet).readUInt32BE(4);

/** Everything on a subject from now on. */
export async function collect(client: NatsConnection, subject: string): Promise<Msg[]> {
  const messages: Msg[] = [];
  client.subscribe(subject, { callback: (error, message) => void (error ?? messages.push(message)) });
  await client.flush(); // the server has read the subscription
  return messages;
}
