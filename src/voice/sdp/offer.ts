import { type AudioLine, type Direction, readAudioLine } from './audio-line.js';
import { BadOffer } from './bad-offer.js';
import { type Credentials, readCredentials } from './credentials.js';
import { readSections, type Section } from './sections.js';

/** An m-line that is taken: the client's voice, or a slot in which it hears somebody, or both. */
export interface VoiceLine extends AudioLine {
  /** Whether the client's voice comes in here; true for one line at most. */
  hears: boolean;
  /** Whether somebody's voice goes out here. */
  speaks: boolean;
}

/** A client's offer, reduced to what is used of it; everything in it has been validated. */
export interface Offer {
  lines: readonly VoiceLine[];
  credentials: Credentials;
  /** `m=` of every m-line as offered, in words, with its mid: what is not in `lines` is answered rejected. */
  sections: readonly { media: readonly string[]; mid: string | undefined }[];
  /** Whether the m-lines share one transport. Without, only one is taken. */
  bundled: boolean;
  /** The client's candidates, unread. */
  candidates: readonly string[];
}

/**
 * Reads an offer: the line with the client's voice, or the first of one who only listens, and up to `maxSlots` lines
 * besides in which it hears others.
 * @throws BadOffer
 */
export function readOffer(sdp: string, maxSlots: number): Offer {
  const [session, ...sections] = readSections(sdp);
  const usable = sections.map(readAudioLine).filter((line) => line !== undefined);
  if (usable.length === 0) throw new BadOffer('no Opus audio');
  const bundle = bundleOf(session);
  const lines = choose(
    usable.filter(({ mid }) => fits(bundle, mid)),
    maxSlots,
    bundle !== undefined,
  );
  if (lines.length === 0) throw new BadOffer('no audio that is sent or received');
  return {
    lines,
    credentials: readCredentials(session, sections[lines[0]!.index]!),
    sections: sections.map(({ media, attributes }) => ({ media, mid: attributes.get('mid')?.[0] })),
    bundled: bundle !== undefined,
    candidates: sections.flatMap(({ attributes }) => attributes.get('candidate') ?? []),
  };
}

function choose(usable: readonly AudioLine[], maxSlots: number, bundled: boolean): VoiceLine[] {
  const voice = usable.find(({ direction }) => sends(direction));
  const main = voice ?? usable.find(({ direction }) => receives(direction));
  // The engine tells the lines of one transport apart by the SSRCs that were announced: a voice without one needs to be alone.
  const most = !bundled || voice?.ssrcs.length === 0 ? 0 : maxSlots;
  const slots = usable.filter((line) => line !== main && receives(line.direction)).slice(0, most);
  const chosen = usable.filter((line) => line === main || slots.includes(line));
  const mids = new Set(chosen.map(({ mid }) => mid));
  if (mids.size < chosen.length) throw new BadOffer('m-lines with the same mid');
  return chosen.map((line) => ({ ...line, hears: line === voice, speaks: receives(line.direction) }));
}

function sends(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'sendonly';
}

function receives(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'recvonly';
}

/** The mids of the first BUNDLE group (RFC 8843), undefined where there is none. */
function bundleOf({ attributes }: Section): string[] | undefined {
  const [group] = (attributes.get('group') ?? []).filter((text) => text.startsWith('BUNDLE '));
  return group?.split(' ').slice(1);
}

function fits(bundle: string[] | undefined, mid: string | undefined): boolean {
  return bundle === undefined || (mid !== undefined && bundle.includes(mid));
}
