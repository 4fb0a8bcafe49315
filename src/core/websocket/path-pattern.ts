export type PathParams = Readonly<Record<string, string>>;

/**
 * A path with named segments: `/room/:room/websocket`. Segments are compared and captured percent-decoded; a trailing
 * slash makes no difference.
 */
export class PathPattern {
  private readonly segments: readonly string[];

  constructor(pattern: string) {
    this.segments = split(pattern);
  }

  /**
   * The captured segments, or undefined where the path does not match.
   * @throws URIError where the path is not properly percent-encoded.
   */
  match(path: string): PathParams | undefined {
    const segments = split(path);
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
