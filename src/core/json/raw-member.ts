import { memberSpans } from './member-spans.js';

/**
 * The text of a member of a JSON object, exactly as the sender wrote it. Of a repeated member the last counts, as with
 * JSON.parse.
 * @param json the text of an object that JSON.parse has accepted
 */
export function rawMember(json: string, name: string): string | undefined {
  const found = memberSpans(json).findLast(({ key }) => key === name);
  return found && json.slice(found.value, found.end);
}
