import { FakeClock } from '../../../test/support/fake-clock.js';
import { AbsentPaths } from '../../core/http/absent-paths.js';
import { LocalMembers } from '../../core/rooms/local-members.js';
import { parseSettings } from '../../config/parse-settings.js';
import { NodesLink } from '../nodes/nodes-link.js';
import { Stamps } from '../nodes/stamps.js';
import { VoiceSwitch } from '../switch/voice-switch.js';
import { Whereabouts } from './whereabouts.js';

const DAY_MS = 24 * 3_600_000;

describe('the whereabouts of users, on a node without others', () => {
  const clock = new FakeClock();
  const settings = parseSettings({});
  let whereabouts: Whereabouts;
  let moves: string[];

  beforeEach(() => {
    whereabouts = new Whereabouts(
      new NodesLink(settings, new VoiceSwitch(settings, new AbsentPaths())),
      new Stamps(clock, new LocalMembers()),
      clock,
    );
    moves = [];
    whereabouts.onMove((user, conversation) => moves.push(`${user} -> ${conversation}`));
  });

  const move = (user: string, conversation: string) => whereabouts.move(user, conversation, whereabouts.stamp());

  it('are nowhere until they join, and then where they joined last', () => {
    expect(whereabouts.of('u')).toBeUndefined();
    move('u', 'a');
    move('u', 'b');
    expect(whereabouts.of('u')).toBe('b');
  });

  it('are told as moves, once for each change', () => {
    move('u', 'a');
    move('v', 'a');
    move('u', 'a');
    move('u', 'b');
    expect(moves).toEqual(['u -> a', 'v -> a', 'u -> b']);
  });

  it('follow the join that began later, also within a millisecond', () => {
    const [first, second] = [whereabouts.stamp(), whereabouts.stamp()];
    whereabouts.move('u', 'second', second);
    whereabouts.move('u', 'first', first);
    expect([whereabouts.of('u'), moves]).toEqual(['second', ['u -> second']]);
  });

  it('are forgotten a day after they were last heard of', async () => {
    move('u', 'a');
    clock.advance(DAY_MS - 1);
    expect(whereabouts.of('u')).toBe('a');
    clock.advance(DAY_MS);
    expect(whereabouts.of('u')).toBeUndefined();
    expect(await whereabouts.expire(clock.now())).toBe(1);
  });
});
