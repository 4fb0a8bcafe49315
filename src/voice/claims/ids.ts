/** Longest id of a user, a client or a conversation, in UTF-16 units: what is remembered of each user is bounded by it. */
export const MAX_ID = 512;

/**
 * Whether a URL would take the id, as a whole segment, for a step along the path instead of a name (RFC 3986, 5.2.4):
 * such an id would ask the permission service about something else than it names.
 */
export function isDotSegment(id: string): boolean {
  return id === '.' || id === '..';
}
