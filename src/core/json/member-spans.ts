/** Where a member of a JSON object stands in its text. */
export interface MemberSpan {
  /** Its name, escapes resolved. */
  key: string;
  /** The name's opening quote. */
  start: number;
  /** Behind the name's closing quote. */
  keyEnd: number;
  /** The first character of the value. */
  value: number;
  /** Behind the last character of the value. */
  end: number;
}

/**
 * The members of a JSON object as the sender wrote them, in order, repeated ones included: what is parsed and written
 * anew loses the text of numbers (`1.50`), the order of members and their repetition.
 * @param json the text of an object that JSON.parse has accepted
 */
export function memberSpans(json: string): MemberSpan[] {
  const spans: MemberSpan[] = [];
  let start = skipSpace(json, json.indexOf('{') + 1);
  while (json[start] === '"') {
    const keyEnd = endOfString(json, start);
    const value = skipSpace(json, skipSpace(json, keyEnd) + 1);
    const end = endOfValue(json, value);
    spans.push({ key: JSON.parse(json.slice(start, keyEnd)) as string, start, keyEnd, value, end });
    start = skipSpace(json, end);
    if (json[start] === ',') start = skipSpace(json, start + 1);
  }
  return spans;
}

function skipSpace(json: string, at: number): number {
  while (json[at] === ' ' || json[at] === '\n' || json[at] === '\r' || json[at] === '\t') at++;
  return at;
}

/** Where the string that begins here is over: behind its closing quote. */
function endOfString(json: string, at: number): number {
  do {
    at = json.indexOf('"', at + 1);
  } while (isEscaped(json, at));
  return at + 1;
}

function isEscaped(json: string, at: number): boolean {
  let backslashes = 0;
  while (json[at - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}

function endOfValue(json: string, at: number): number {
  let depth = 0;
  for (;;) {
    const char = json[at];
    if (char === '"') {
      at = endOfString(json, at);
      if (depth === 0) return at;
      continue;
    }
    if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    if (depth < 0) return at; // the closing brace of the object that holds a bare number or word
    if (depth === 0 && (char === '}' || char === ']')) return at + 1;
    if (depth === 0 && (char === ',' || char === ' ' || char === '\n' || char === '\r' || char === '\t')) return at;
    at++;
  }
}
