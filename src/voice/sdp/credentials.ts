import { BadOffer } from './bad-offer.js';
import type { Section } from './sections.js';

/** What the client proves itself with. */
export interface Credentials {
  ufrag: string;
  password: string;
  /** `sha-256 AA:BB:…`, as RFC 8122 writes it. */
  fingerprint: string;
  setup: string;
}

/** ICE's own alphabet and lengths (RFC 8839, 5.4). */
const UFRAG = /^[A-Za-z0-9+/]{4,256}$/;
const PASSWORD = /^[A-Za-z0-9+/]{22,256}$/;

/** Bytes of the digests that are good enough to trust (RFC 8122, 5). */
const DIGESTS: Readonly<Record<string, number>> = { 'sha-256': 32, 'sha-384': 48, 'sha-512': 64 };

const SETUPS = ['actpass', 'active', 'passive'];

/**
 * The credentials of an m-line, its own or the session's.
 * @throws BadOffer where they are missing or unusable
 */
export function readCredentials(session: Section, section: Section): Credentials {
  const all = (name: string): readonly string[] => section.attributes.get(name) ?? session.attributes.get(name) ?? [];
  const [ufrag = '', password = ''] = [all('ice-ufrag')[0], all('ice-pwd')[0]];
  if (!UFRAG.test(ufrag) || !PASSWORD.test(password)) throw new BadOffer('no ICE credentials');
  const fingerprint = all('fingerprint').map(usable).find(Boolean);
  if (!fingerprint) throw new BadOffer('no usable fingerprint');
  const setup = all('setup')[0] ?? 'actpass';
  if (!SETUPS.includes(setup)) throw new BadOffer('no usable setup role');
  return { ufrag, password, fingerprint, setup };
}

function usable(text: string): string | undefined {
  const [name = '', value = '', ...rest] = text.trim().split(' ');
  const bytes = DIGESTS[name.toLowerCase()];
  const pairs = value.split(':');
  if (bytes === undefined || rest.length > 0 || pairs.length !== bytes) return undefined;
  return pairs.every((pair) => /^[0-9A-Fa-f]{2}$/.test(pair))
    ? `${name.toLowerCase()} ${value.toUpperCase()}`
    : undefined;
}
