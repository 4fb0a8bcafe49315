/** Protobuf's whole numbers: seven bits a byte, the lowest first, and the eighth says that more follow. */
const MORE = 0x80;

/** How many bytes the number takes; any whole number from 0 to 2^53. */
export function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= MORE; rest /= MORE) bytes++;
  return bytes;
}

/** Writes such a number; returns the index behind it. Divides, as shifting would end at 32 bits. */
export function writeVarint(target: Buffer, at: number, value: number): number {
  while (value >= MORE) {
    target[at++] = (value % MORE) | MORE;
    value = Math.floor(value / MORE);
  }
  target[at] = value;
  return at + 1;
}
