/** How a target in absolute form begins, which every server has to understand (RFC 9112, 3.2.2). */
const ORIGIN = /^https?:\/\/[^/?]*/i;

/** Splits a request target; the query is everything behind the first question mark. */
export function splitTarget(target: string): { path: string; query: string } {
  const local = target.replace(ORIGIN, '');
  const mark = local.indexOf('?');
  return mark < 0 ? { path: local, query: '' } : { path: local.slice(0, mark), query: local.slice(mark + 1) };
}
