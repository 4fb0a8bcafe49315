import type { Outlet } from '../forwarding/slot.js';
import type { LocalTransport } from '../sdp/answer.js';
import type { Candidate } from '../sdp/candidate.js';
import type { Offer, VoiceLine } from '../sdp/offer.js';

/** What happens to a peer. Nothing more comes after `closed`. */
export interface PeerEvents {
  /** ICE and DTLS are through. */
  connected(): void;
  /** Something came on the line that hears: RTP or RTCP, decrypted. The bytes may be kept. */
  packet(bytes: Buffer): void;
  /** It is over: the transport failed, or the other side has closed it. */
  closed(): void;
}

/** The engine's end of one peer. */
export interface EnginePeer {
  readonly transport: LocalTransport;
  /** The local addresses it was gathered, as `candidate:…`. */
  readonly candidates: readonly string[];
  /** Where packets for this line go; it drops them as long as the peer is not connected. */
  outlet(line: VoiceLine): Outlet;
  addCandidate(candidate: Candidate): void;
  /** Ends it without a `closed`. */
  close(): void;
}

/** What speaks ICE, DTLS and SRTP. The rest of the voice module knows none of these. */
export interface Engine {
  /**
   * Takes an offer.
   * @param ssrcOf the SSRC with which a line will speak
   * @throws where it cannot be answered
   */
  accept(offer: Offer, ssrcOf: (line: VoiceLine) => number, events: PeerEvents): Promise<EnginePeer>;

  /** All peers have been closed: resolves when nothing of them is left, or after a second. */
  close(): Promise<void>;
}
