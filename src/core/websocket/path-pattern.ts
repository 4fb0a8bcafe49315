/** The captured segments of a path, by name. */
export type PathParams = Readonly<Record<string, string>>;

/**
 * A path with named segments: `/room/:room/websocket`. Segments are compared and captured percent-decoded; a trailing
 * slash makes no difference. A last segment `*name` captures all that is left just as it was sent: percent escapes,
 * further slashes, or nothing.
 */
export class PathPattern {
  private readonly segments: readonly string[];
  private readonly rest: string | undefined;

  constructor(pattern: string) {
    const segments = split(pattern);
    if (segments.at(-1)?.startsWith('*')) this.rest = segments.pop()!.slice(1);
    this.segments = segments;
  }

  /**
   * The captured segments, or undefined where the path does not match.
   * @throws URIError where a segment that is compared or captured decoded is not properly percent-encoded.
   */
  match(path: string): PathParams | undefined {
    return this.rest === undefined ? this.matchSegments(split(path)) : this.matchWithRest(path, this.rest);
  }

  private matchWithRest(path: string, rest: string): PathParams | undefined {
    const { length } = this.segments;
    const given = path.split('/').slice(1);
    if (!path.startsWith('/') || given.length <= length) return undefined;
    const params = this.matchSegments(given.slice(0, length));
    return params && { ...params, [rest]: given.slice(length).join('/') };
  }

  private matchSegments(segments: readonly string[]): PathParams | undefined {
    if (segments.length !== this.segments.length) return undefined;
    const params: Record<string, string> = {};
    for (const [i, expected] of this.segments.entries()) {
      const given = decodeURIComponent(segments[i]!);
      if (expected.startsWith(':')) params[expected.slice(1)] = given;
      else if (given !== expected) return undefined;
    }
    return params;
  }
}

function split(path: string): string[] {
  const segments = path.split('/').slice(1);
  if (segments.length > 1 && segments.at(-1) === '') segments.pop();
  return segments;
}
