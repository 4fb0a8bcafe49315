/**
 * What the server and its media process say to each other, over the IPC channel of `fork`, as JSON. There is no other
 * link between the two and no shared state: whatever the media process knows, it knows from these messages, so that a
 * new one can take over from a dead one.
 */

/** How the media process is to work; its first message, and sent only once. */
export interface MediaSettings {
  /** The one UDP port of all peers; 0 = any free one. */
  udpPort: number;
  /** The local address to bind; empty = all of them. */
  bind: string;
  /** The address that stands in answers instead of local ones; empty = the local ones. */
  announcedIp: string;
  /** How long a client that has sent RTP may be silent, in ms. */
  idleMs: number;
  /** Most voices at once for one receiver, besides the one of its own m-line. */
  maxSlots: number;
  /** Most peers at once. */
  maxPeers: number;
  /** NATS servers; empty = neither bites nor other nodes. */
  nats: readonly string[];
}

/** Whose device it is. The two together name at most one peer of a media process. */
export interface Owner {
  user: string;
  client: string;
}

/** From the server to the media process. `peer` is an id that the server gave, never used twice. */
export type ToMedia =
  | { type: 'start'; settings: MediaSettings }
  /** A client's offer. Answered by `answer` or `ended`. A peer of the same owner ends as `replaced`. */
  | {
      type: 'offer';
      peer: string;
      owner: Owner;
      /** Where its user is; absent = nowhere. */
      conversation?: string;
      sdp: string;
      /** Whether it wants to be told who is there (`event` messages). */
      events: boolean;
    }
  /** One of the client's ICE candidates, as it came. */
  | { type: 'candidate'; peer: string; candidate: string }
  /** The client has closed its WebSocket: nobody reads its events any more. Its media lives on. */
  | { type: 'detach'; peer: string }
  /** The same client has connected on another node: its peer here, if it still is, ends as `replaced`. */
  | { type: 'replace'; peer: string }
  /** All clients of the user go into this conversation, out of their former one. */
  | { type: 'move'; user: string; conversation: string }
  /** Close all peers and exit with status 0. */
  | { type: 'stop' };

/** Why a peer has ended. The last three: it never came to be, as nothing connected, or the offer was refused. */
export type EndReason = 'gone' | 'idle' | 'replaced' | 'stopped' | 'failed' | 'bad_offer' | 'full';

/** What a client that asked for events is told about its conversation. */
export type SpeakerEvent =
  | ({ type: 'joined' | 'left' } & Owner)
  | ({ type: 'speaking'; speaking: boolean } & Owner)
  /** The m-line `mid` now carries this speaker's voice; without one: nobody's. */
  | ({ type: 'slot'; mid: string } & Partial<Owner>);

/** Counters since the media process started, and two sizes; plain numbers, sent every second: its sign of life too. */
export interface MediaStats {
  peers: number;
  conversations: number;
  packetsIn: number;
  packetsOut: number;
  bytesIn: number;
  bytesOut: number;
  /** Packets that were no usable RTP. */
  badPackets: number;
  /** What the {@link ConversationTap} counts, by name. */
  tap: Readonly<Record<string, number>>;
}

/** From the media process to the server. */
export type FromMedia =
  /** It takes offers. */
  | { type: 'ready'; udpPort: number }
  /** The answer with all candidates in it, and the same candidates again (`candidate:…`). */
  | { type: 'answer'; peer: string; sdp: string; candidates: readonly string[] }
  /** ICE and DTLS are through. */
  | { type: 'connected'; peer: string }
  | { type: 'event'; peer: string; event: SpeakerEvent }
  | { type: 'ended'; peer: string; reason: EndReason; detail: string }
  | { type: 'stats'; stats: MediaStats }
  /** Something for the server's log; never holds SDP, candidates, addresses or ids. */
  | { type: 'log'; level: 'log' | 'warn' | 'error'; message: string };
