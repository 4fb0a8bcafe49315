import type { Owner } from './contract.js';

/** Somebody whose packets are heard in a conversation. One object per stay: compare by identity, or by `key`. */
export interface Speaker extends Owner {
  readonly conversation: string;
  /** Equal for equal user and client, on every node. */
  readonly key: string;
  /** The id of the RFC 6464 audio level among the packets' header extensions, 1–14; 0 = they carry none. */
  readonly levelId: number;
}

/**
 * Where the packets of conversations go besides the clients of this node: to the broker as bites, and to the other
 * nodes. Lives in the media process. Nothing here ever waits or throws; what cannot be passed on is dropped and counted.
 */
export interface ConversationTap {
  /**
   * A client of this node has sent a packet in a conversation.
   * @param packet the whole RTP packet as the client sent it; it may be kept, and must not be changed
   */
  heard(packet: Buffer, speaker: Speaker): void;

  /** The first client of this node came into the conversation, or the last one left it. */
  listening(conversation: string, hasListeners: boolean): void;

  /**
   * Set by the media process; called with each packet that another node heard in a conversation with listeners here.
   * The speaker equals the one given to `heard` there, in all members, and is the same object as long as possible.
   */
  onRemote: (packet: Buffer, speaker: Speaker) => void;

  /** Counters since the start, by name; they become metrics `signalbox_voice_<name>_total`. */
  readonly counters: Readonly<Record<string, number>>;

  /** Ends all connections; what waits is written if that takes less than a second. */
  close(): Promise<void>;
}

/** The {@link Speaker.key} of a device. */
export function speakerKey({ user, client }: Owner): string {
  return JSON.stringify([user, client]);
}

/** The tap of a server without a broker. */
export function noTap(): ConversationTap {
  return { heard: nothing, listening: nothing, onRemote: nothing, counters: {}, close: async () => {} };
}

function nothing(): void {}
