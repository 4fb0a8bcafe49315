import { BadOffer } from './bad-offer.js';

/** Largest offer in bytes: a browser's with nine audio m-lines is below 20 KB. */
export const MAX_SDP_BYTES = 64 * 1024;

/** Most m-lines in an offer; the answer has to have as many. */
const MAX_SECTIONS = 64;

/** `m=` of a section (RFC 8866, 5.14): kind, port, protocol, formats. */
const MEDIA = /^[a-z]{1,32} \d{1,5}(\/\d{1,5})? [A-Za-z0-9/.+-]{1,64}( [A-Za-z0-9-]{1,32}){1,128}$/;

/** An m-line and its attributes, or what stands before the first. */
export interface Section {
  /** What stands behind `m=`, in words; empty before the first. */
  media: readonly string[];
  /** The values of `a=` lines by name, in order; a flag has an empty value. */
  attributes: ReadonlyMap<string, readonly string[]>;
}

/**
 * Takes an SDP apart (RFC 8866, 5).
 * @returns what stands before the first m-line, then each m-line
 * @throws BadOffer where it is none
 */
export function readSections(sdp: string): readonly [Section, ...Section[]] {
  if (Buffer.byteLength(sdp) > MAX_SDP_BYTES) throw new BadOffer('the offer is too large');
  const lines = sdp.split(/\r\n|\n/).filter((line) => line !== '');
  if (lines[0] !== 'v=0') throw new BadOffer('not an SDP');
  const session = emptySection([]);
  const sections: [Draft, ...Draft[]] = [session];
  for (const line of lines) {
    if (!/^[a-z]=[^\r\0]*$/.test(line)) throw new BadOffer('not an SDP');
    const value = line.slice(2);
    if (line.startsWith('m=') && !MEDIA.test(value)) throw new BadOffer('not an SDP');
    if (line.startsWith('m=')) sections.push(emptySection(value.split(' ')));
    else if (line.startsWith('a=')) addAttribute(sections.at(-1)!, value);
  }
  if (sections.length - 1 > MAX_SECTIONS) throw new BadOffer('too many m-lines');
  return sections;
}

interface Draft extends Section {
  attributes: Map<string, string[]>;
}

function emptySection(media: string[]): Draft {
  return { media, attributes: new Map() };
}

function addAttribute({ attributes }: Draft, text: string): void {
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const values = attributes.get(name) ?? [];
  values.push(colon < 0 ? '' : text.slice(colon + 1));
  attributes.set(name, values);
}
