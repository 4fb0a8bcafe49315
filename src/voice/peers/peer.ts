import type { Owner } from '../media/contract.js';
import type { Participant } from '../forwarding/participant.js';
import type { Candidate } from '../sdp/candidate.js';
import type { EnginePeer } from './engine.js';

/** A client's media, from its offer to its end. Its WebSocket may be long gone. */
export class Peer {
  /** Once the engine has answered. */
  engine: EnginePeer | undefined;
  /** Once it is connected: until then nobody hears or sees it. */
  participant: Participant | undefined;
  ended = false;
  /** Whether somebody still reads its events. */
  attached = true;
  /** Those of its candidates that are of use; the engine gets them once it has answered. */
  readonly candidates: Candidate[] = [];
  /** When its last RTP packet came, in ms; undefined = it never sent any. */
  heardAt: number | undefined;

  /** @param conversation where its user is; undefined = nowhere */
  constructor(
    readonly id: string,
    readonly owner: Owner,
    public conversation: string | undefined,
  ) {}
}
