import { memberSpans } from '../core/json/member-spans.js';

/**
 * A relayed frame as its receiver gets it: `from` stands in the place of `to`, and nothing else is changed. Left out are
 * a `from` of the sender's own, and whatever stands before the `to` and the `type` that count, which are the last: a
 * receiver that takes the first of repeated members would be told something else than this server was.
 * @param json a JSON object with `type` and `to`
 */
export function readdress(json: string, from: string): string {
  const spans = memberSpans(json);
  const to = spans.findLast(({ key }) => key === 'to')!;
  const type = spans.findLast(({ key }) => key === 'type')!;
  let text = '';
  for (const [i, span] of spans.entries()) {
    const { key, start, keyEnd, value, end } = span;
    if (key === 'from' || (key === 'to' && span !== to) || (key === 'type' && span !== type)) continue;
    text += text === '' ? json.slice(0, spans[0]!.start) : json.slice(spans[i - 1]!.end, start);
    text += span === to ? `"from"${json.slice(keyEnd, value)}"${from}"` : json.slice(start, end);
  }
  return text + json.slice(spans.at(-1)!.end);
}
