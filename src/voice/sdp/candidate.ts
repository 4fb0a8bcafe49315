import { isIP } from 'node:net';

/** The address and its neighbours in a candidate (RFC 8839, 5.1): foundation, component, transport, priority, address, port, type. */
const CANDIDATE =
  /^(?:a=)?candidate:([A-Za-z0-9+/]{1,32}) 1 udp (\d{1,10}) ([0-9A-Fa-f.:]{2,45}) (\d{1,5}) typ (host|srflx|prflx|relay)(?: |$)/i;

/** Priorities are 31 bits (RFC 8445, 5.1.2). */
const MAX_PRIORITY = 0x7fffffff;
const MAX_PORT = 65_535;

/** An ICE candidate over UDP, as far as it is of use. */
export interface Candidate {
  foundation: string;
  priority: number;
  address: string;
  port: number;
  type: string;
}

/**
 * Reads a candidate; undefined where it is of no use: not well-formed, TCP, or a host name, behind which a look-up
 * would hide (browsers send `….local` names of their own; they are found by their packets).
 */
export function readCandidate(text: string): Candidate | undefined {
  const [, foundation, priority, address, port, type] = CANDIDATE.exec(text.trim()) ?? [];
  if (!foundation || !address || !type || isIP(address) === 0) return undefined;
  const candidate = { foundation, priority: Number(priority), address, port: Number(port), type: type.toLowerCase() };
  const inRange = candidate.priority >= 1 && candidate.priority <= MAX_PRIORITY;
  return inRange && candidate.port >= 1 && candidate.port <= MAX_PORT ? candidate : undefined;
}

/** As it stands behind `a=`, without the related address of a reflexive one, which nobody needs. */
export function writeCandidate({ foundation, priority, address, port, type }: Candidate): string {
  return `candidate:${foundation} 1 UDP ${priority} ${address} ${port} typ ${type}`;
}
