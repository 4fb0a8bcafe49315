/** What a synthetic RTP packet is made of. */
export interface RtpParts {
  payloadType?: number;
  marker?: boolean;
  sequence?: number;
  timestamp?: number;
  ssrc?: number;
  csrcs?: number;
  /** Header extension elements, id to value; one-byte form. */
  extensions?: Record<number, number[]>;
  payload?: string;
  padding?: number;
}

/** An RTP packet (RFC 3550, 5.1). */
export function rtp({
  payloadType = 111,
  marker = false,
  sequence = 0,
  timestamp = 0,
  ssrc = 1,
  csrcs = 0,
  extensions,
  payload = 'opus',
  padding = 0,
}: RtpParts = {}): Buffer {
  const header = Buffer.alloc(12 + 4 * csrcs);
  header[0] = 0x80 | (padding ? 0x20 : 0) | (extensions ? 0x10 : 0) | csrcs;
  header[1] = (marker ? 0x80 : 0) | payloadType;
  header.writeUInt16BE(sequence & 0xffff, 2);
  header.writeUInt32BE(timestamp >>> 0, 4);
  header.writeUInt32BE(ssrc, 8);
  const pad = Buffer.alloc(padding, 0);
  if (padding) pad[padding - 1] = padding;
  return Buffer.concat([header, extensions ? extensionBlock(extensions) : Buffer.alloc(0), Buffer.from(payload), pad]);
}

function extensionBlock(extensions: Record<number, number[]>): Buffer {
  const elements = Object.entries(extensions).flatMap(([id, value]) => [
    (Number(id) << 4) | (value.length - 1),
    ...value,
  ]);
  while (elements.length % 4) elements.push(0);
  const head = Buffer.alloc(4);
  head.writeUInt16BE(0xbede, 0);
  head.writeUInt16BE(elements.length / 4, 2);
  return Buffer.concat([head, Buffer.from(elements)]);
}
