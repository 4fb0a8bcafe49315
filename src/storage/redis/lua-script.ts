import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A change of several keys in one step: a file of `lua/`, which says what its KEYS and ARGV are. */
export class LuaScript {
  readonly source: string;
  readonly sha: string;

  /** @param files names in `lua/`, without the ending; put one behind the other, the common part first */
  constructor(...files: string[]) {
    this.source = ['on-time', ...files].map(read).join('\n');
    this.sha = createHash('sha1').update(this.source).digest('hex');
  }
}

function read(file: string): string {
  return readFileSync(new URL(`./lua/${file}.lua`, import.meta.url), 'utf8');
}
