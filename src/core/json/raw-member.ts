/**
 * The text of a member of a JSON object, exactly as the sender wrote it: what is parsed and written anew loses the
 * text of numbers (`1.50`), the order of members and their repetition. Of a repeated member the last counts, as with
 * JSON.parse.
 * @param json the text of an object that JSON.parse has accepted
 */
export function rawMember(json: string, name: string): string | undefined {
  let found: string | undefined;
  let at = skipSpace(json, json.indexOf('{') + 1);
  while (json[at] === '"') {
    const keyEnd = endOfString(json, at);
    const key = JSON.parse(json.slice(at, keyEnd)) as string;
    const start = skipSpace(json, skipSpace(json, keyEnd) + 1);
    const end = endOfValue(json, start);
    if (key === name) found = json.slice(start, end);
    at = skipSpace(json, end);
    if (json[at] === ',') at = skipSpace(json, at + 1);
  }
  return found;
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
