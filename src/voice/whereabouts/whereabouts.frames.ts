import { inPages } from '../nodes/pages.js';
import type { Stay } from './stays.js';

/** Every node tells the others here: `{"stays":[{"user","conversation","stamp","node"}…]}`. */
export const STAYS_SUBJECT = 'signalbox.voice.stays';

/** A node asks the others here, `{"user":"…"}` or, for all that each has let in itself, `{}`; answers as above, to the reply subject. */
export const ASK_SUBJECT = 'signalbox.voice.whereabouts';

export function* encodeStays(stays: Iterable<Stay>): Generator<string> {
  for (const page of inPages(stays)) {
    const members = page.map(({ user, conversation, stamp, node }) => ({ user, conversation, stamp, node }));
    yield JSON.stringify({ stays: members });
  }
}

/** @throws Error for anything else than {@link encodeStays} makes. */
export function parseStays(text: string): Stay[] {
  const { stays } = JSON.parse(text) as { stays?: unknown };
  if (!Array.isArray(stays) || !stays.every(isStay)) throw new Error('no list of stays');
  return stays;
}

export function encodeQuestion(user?: string): string {
  return JSON.stringify({ user });
}

/** The user that is asked for; undefined = all. @throws Error for anything else than {@link encodeQuestion} makes. */
export function parseQuestion(text: string): string | undefined {
  const { user } = JSON.parse(text) as { user?: unknown };
  if (user !== undefined && typeof user !== 'string') throw new Error('no question');
  return user;
}

function isStay(value: unknown): value is Stay {
  const { user, conversation, stamp, node } = (value ?? {}) as Partial<Record<keyof Stay, unknown>>;
  return [user, conversation, node].every((id) => typeof id === 'string' && id !== '') && Number.isFinite(stamp);
}
