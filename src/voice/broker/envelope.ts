import { MsgHdrsImpl } from '@nats-io/transport-node';
import type { Speaker } from '../media/tap.js';
import { biteKey } from './bite.js';
import { encodeHead } from './crossing.frames.js';

/** Headers that are encoded once, and not for every message; nothing may be added to them afterwards. */
class FixedHeaders extends MsgHdrsImpl {
  private bytes: Uint8Array | undefined;

  override encode(): Uint8Array {
    return (this.bytes ??= super.encode());
  }
}

/** All that goes out with a speaker's packets and is the same for each. */
export interface Envelope {
  /** The bite's conversation, as {@link biteKey}. */
  key: Buffer;
  /** The speaker, for other nodes. */
  head: Buffer;
  /** The headers, as publishing wants them. */
  options: { headers: FixedHeaders };
  headersLength: number;
}

/**
 * The headers of a bite: `User-Id`, `Client-Id` (percent-encoded as by `encodeURIComponent`, as ids may hold what headers
 * may not), `Codec` and `Clock-Rate`, the RTP clock in Hz: of Opus always 48000 (RFC 7587, 4.1).
 */
export function makeEnvelope(speaker: Speaker): Envelope {
  const headers = new FixedHeaders();
  headers.set('User-Id', encodeURIComponent(speaker.user));
  headers.set('Client-Id', encodeURIComponent(speaker.client));
  headers.set('Codec', 'opus');
  headers.set('Clock-Rate', '48000');
  return {
    key: biteKey(speaker.conversation),
    head: encodeHead(speaker),
    options: { headers },
    headersLength: headers.encode().length,
  };
}
