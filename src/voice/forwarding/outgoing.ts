import { HEADER_BYTES, MAX_PACKET_BYTES, type RtpPacket } from './rtp-packet.js';

const VERSION_2 = 0x80;
const MARKER = 0x80;

/**
 * The packet as it leaves: a bare header and the payload, in one buffer for all. The payload is copied once per packet,
 * for each receiver only the header is written anew. Header extensions do not go along: their ids are the sender's,
 * and may mean something else to the receiver.
 */
export class Outgoing {
  private readonly buffer = Buffer.alloc(MAX_PACKET_BYTES);
  private packet = this.buffer;

  /** Bytes of the loaded packet. */
  get length(): number {
    return this.packet.length;
  }

  load({ bytes, payloadStart, payloadEnd }: RtpPacket): void {
    bytes.copy(this.buffer, HEADER_BYTES, payloadStart, payloadEnd);
    this.packet = this.buffer.subarray(0, HEADER_BYTES + payloadEnd - payloadStart);
    this.packet[0] = VERSION_2;
  }

  /** The loaded packet under this header; valid until the next call. */
  as(payloadType: number, marker: boolean, sequence: number, timestamp: number, ssrc: number): Buffer {
    const { packet } = this;
    packet[1] = marker ? payloadType | MARKER : payloadType;
    packet[2] = sequence >> 8; // byte by byte: the checks of the buffer's own methods cost more than the writing
    packet[3] = sequence;
    packet[4] = timestamp >>> 24;
    packet[5] = timestamp >>> 16;
    packet[6] = timestamp >>> 8;
    packet[7] = timestamp;
    packet[8] = ssrc >>> 24;
    packet[9] = ssrc >>> 16;
    packet[10] = ssrc >>> 8;
    packet[11] = ssrc;
    return packet;
  }
}
