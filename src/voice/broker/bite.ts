import { varintBytes, writeVarint } from '../../core/varint.js';

/**
 * The protobuf messages that consumers of bites read, written by hand: two fixed shapes, once per packet.
 *
 *     Bite  { string key = 1; uint64 start = 2; bytes data = 3 }   key: the conversation; start: Unix seconds; data: the RTP packet
 *     Store { string type = 1; Bite bite = 2 }                     type: "bite"
 */

/** NATS subjects, those of Beep's own service. */
export const BITE_SUBJECT = 'bite';
export const STORE_SUBJECT = 'store';

/** Tags: field number << 3 | wire type (0 = varint, 2 = length-delimited). */
const BITE_KEY = (1 << 3) | 2;
const BITE_START = (2 << 3) | 0;
const BITE_DATA = (3 << 3) | 2;
const STORE_TYPE = (1 << 3) | 2;
const STORE_BITE = (2 << 3) | 2;

/** The field `type` of every Store, and the tag of what follows. */
const STORE_HEAD = Buffer.concat([textField(STORE_TYPE, 'bite'), Buffer.of(STORE_BITE)]);

/** The field `key` of all bites of a conversation. */
export function biteKey(conversation: string): Buffer {
  return textField(BITE_KEY, conversation);
}

/**
 * The Store of a packet, and the Bite, which is its last part.
 * @param key from {@link biteKey}
 * @param start when the packet was heard, in whole seconds since the epoch; not 0, which protobuf leaves out
 */
export function encodeBite(key: Buffer, start: number, packet: Buffer): { store: Buffer; bite: Buffer } {
  const biteLength = key.length + 1 + varintBytes(start) + 1 + varintBytes(packet.length) + packet.length;
  const biteAt = STORE_HEAD.length + varintBytes(biteLength);
  const store = Buffer.allocUnsafe(biteAt + biteLength);
  STORE_HEAD.copy(store);
  let at = writeVarint(store, STORE_HEAD.length, biteLength);
  at += key.copy(store, at);
  store[at++] = BITE_START;
  at = writeVarint(store, at, start);
  store[at++] = BITE_DATA;
  at = writeVarint(store, at, packet.length);
  packet.copy(store, at);
  return { store, bite: store.subarray(biteAt) };
}

function textField(tag: number, text: string): Buffer {
  const bytes = Buffer.from(text);
  const head = Buffer.alloc(1 + varintBytes(bytes.length));
  head[0] = tag;
  writeVarint(head, 1, bytes.length);
  return Buffer.concat([head, bytes]);
}
