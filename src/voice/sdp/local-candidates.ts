import { isIP } from 'node:net';
import { type Candidate, readCandidate } from './candidate.js';

/** Priority of a host candidate that nobody else gave one: type preference 126, one component (RFC 8445, 5.1.2.1). */
const HOST_PRIORITY = 126 * 2 ** 24 + 65_535 * 2 ** 8 + 255;

const LOOPBACK = '127.0.0.1';

/**
 * The addresses that a client is told to try: those the engine found, or in their place the one the operator announced
 * (a server behind a NAT or in a container does not see its own). On a machine with no network but loopback the engine
 * finds none, yet listens there too.
 */
export function localCandidates(found: readonly string[], udpPort: number, announcedIp: string): Candidate[] {
  const usable = found.map(readCandidate).filter((candidate) => candidate !== undefined);
  const only = (address: string): Candidate[] => [
    { foundation: '1', priority: HOST_PRIORITY, address, port: udpPort, type: 'host' },
  ];
  if (isIP(announcedIp)) return only(announcedIp);
  return usable.length > 0 ? usable : only(LOOPBACK);
}
