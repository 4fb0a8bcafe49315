// RTP packets of one shape, written and read (RFC 3550; the level as RFC 6464 has it, under id 1).
const HEADER = 12;
const EXTENSION = 0x10;

/** @param header `level` in -dBov; without one the packet has no extension */
export function rtpPacket({ payloadType, ssrc, sequence, timestamp, level }, text) {
  const extension = level === undefined ? Buffer.alloc(0) : Buffer.from([0xbe, 0xde, 0, 1, 0x10, 0x80 | level, 0, 0]);
  const header = Buffer.alloc(HEADER);
  header[0] = level === undefined ? 0x80 : 0x80 | EXTENSION;
  header[1] = payloadType;
  header.writeUInt16BE(sequence & 0xffff, 2);
  header.writeUInt32BE(timestamp >>> 0, 4);
  header.writeUInt32BE(ssrc, 8);
  return Buffer.concat([header, extension, Buffer.from(text)]);
}

/** Undefined for RTCP. */
export function readRtp(bytes) {
  const type = bytes[1] & 0x7f;
  if (type >= 64 && type <= 95) return undefined;
  const extended = bytes[0] & EXTENSION ? 4 + 4 * bytes.readUInt16BE(HEADER + 2) : 0;
  return {
    payloadType: type,
    marker: bytes[1] > 0x7f,
    sequence: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
    ssrc: bytes.readUInt32BE(8),
    extended,
    text: bytes.toString('utf8', HEADER + extended),
  };
}
