/** What a group knows of a member: its card in the room. */
export interface Card {
  /** As it said last in `connect`. */
  id: number;
  /** Its URL had `favored`: joiners are bound to it rather than to others. */
  favored: boolean;
}

/** Who says `connect`. */
export interface Joiner {
  /** Its place in the group, whether or not it is in it. */
  place: string;
  /** The places of the members it has been bound to since it last joined. */
  tried: ReadonlySet<string>;
}

/** What becomes of a joiner. */
export type Decision =
  | { outcome: 'founds' | 'joins' }
  /** It takes the place of the only member. */
  | { outcome: 'replaces'; place: string }
  /** It is bound to that member; `anew` when it had tried all, so that the list begins again. */
  | { outcome: 'bound'; place: string; anew: boolean };

/**
 * What a `connect` leads to, as in Sigver 21.1, in this order: nobody is there; the joiner is alone there; it is
 * connected to a member; the only member is one it has tried; else it is bound to a member and not, or no more, in.
 * @param roster by place, in order of joining
 * @param members the ids the joiner says it is connected to
 */
export function decide(roster: ReadonlyMap<string, Card>, joiner: Joiner, members: readonly number[]): Decision {
  if (roster.size === 0) return { outcome: 'founds' };
  const isAlone = roster.size === 1;
  if (isAlone && roster.has(joiner.place)) return { outcome: 'joins' };
  const ids = new Set(Array.from(roster.values(), ({ id }) => id));
  if (members.some((id) => ids.has(id))) return { outcome: 'joins' };
  const [only] = roster.keys();
  if (isAlone && joiner.tried.has(only!)) return { outcome: 'replaces', place: only! };
  return { outcome: 'bound', ...choose(roster, joiner) };
}

/** In order of joining the first favored member it has not tried, else the first it has not tried, else the same of all. */
function choose(roster: ReadonlyMap<string, Card>, { place, tried }: Joiner): { place: string; anew: boolean } {
  const others = [...roster].filter(([other]) => other !== place);
  const untried = others.filter(([other]) => !tried.has(other));
  const candidates = untried.length > 0 ? untried : others;
  const [chosen] = candidates.find(([, { favored }]) => favored) ?? candidates[0]!;
  return { place: chosen, anew: untried.length === 0 };
}
