/** Fixed part of the header in bytes (RFC 3550, 5.1). */
export const HEADER_BYTES = 12;

/** Largest packet that is taken, in bytes: what an Ethernet frame holds; Opus needs a tenth of it. */
export const MAX_PACKET_BYTES = 1500;

const VERSION_2 = 2;
const ONE_BYTE_EXTENSIONS = 0xbede; // RFC 8285, 4.2

/** Whether this, where a payload type stands, makes the packet RTCP: its types, read so, lie here (RFC 5761, 4). */
export function isRtcp(payloadType: number): boolean {
  return payloadType >= 64 && payloadType <= 95;
}

/**
 * One RTP packet, read in place. There is one object for all packets, as it is needed only while a packet is passed on;
 * whatever is kept is copied out as a number.
 */
export class RtpPacket {
  bytes: Buffer = Buffer.alloc(0);
  sequence = 0;
  timestamp = 0;
  ssrc = 0;
  marker = false;
  /** Where the payload begins, and where it ends without its padding. */
  payloadStart = 0;
  payloadEnd = 0;
  private extensionsStart = 0;
  private extensionsEnd = 0;

  /** Reads a packet; false where it is none, or RTCP, and nothing of it may be used. */
  read(bytes: Buffer): boolean {
    const { length } = bytes;
    if (length < HEADER_BYTES || length > MAX_PACKET_BYTES) return false;
    const first = bytes[0]!;
    if (first >> 6 !== VERSION_2) return false;
    if (isRtcp(bytes[1]! & 0x7f)) return false;

    let start = HEADER_BYTES + 4 * (first & 0x0f);
    this.extensionsStart = this.extensionsEnd = 0;
    if (first & 0x10) {
      if (start + 4 > length) return false;
      const end = start + 4 + 4 * bytes.readUInt16BE(start + 2);
      if (bytes.readUInt16BE(start) === ONE_BYTE_EXTENSIONS) {
        this.extensionsStart = start + 4;
        this.extensionsEnd = end;
      }
      start = end;
    }
    const padding = first & 0x20 ? bytes[length - 1]! : 0;
    if (start + padding > length || (first & 0x20 && padding === 0)) return false;

    this.bytes = bytes;
    this.marker = bytes[1]! > 0x7f;
    this.sequence = bytes.readUInt16BE(2);
    this.timestamp = bytes.readUInt32BE(4);
    this.ssrc = bytes.readUInt32BE(8);
    this.payloadStart = start;
    this.payloadEnd = length - padding;
    return true;
  }

  /** The audio level (RFC 6464) in -dBov: 0 is loudest, 127 silence; undefined where there is none under that id. */
  level(id: number): number | undefined {
    const { bytes, extensionsEnd } = this;
    for (let at = this.extensionsStart; id > 0 && at < extensionsEnd;) {
      const element = bytes[at]!;
      if (element === 0) {
        at++; // padding between elements
        continue;
      }
      if (element >> 4 === id) return at + 1 < extensionsEnd ? bytes[at + 1]! & 0x7f : undefined;
      at += 2 + (element & 0x0f);
    }
    return undefined;
  }
}
