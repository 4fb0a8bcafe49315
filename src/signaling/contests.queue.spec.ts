import { randomUUID } from 'node:crypto';
import { ContestSide } from '../../test/support/contest-side.js';
import { settled } from '../../test/support/fake-peer.js';
import { REFUSAL_MS } from './contests.js';

let side: ContestSide;
beforeEach(() => (side = new ContestSide()));

describe('a contest with several newcomers', () => {
  it('seats the one that has waited longest', async () => {
    const a = await side.holder({ spoke: true });
    const [first, second] = [await side.newcomer(), await side.newcomer()];
    a.leave();
    await settled();
    side.expectSeated(first);
    expect(side.seated(second)).toBeUndefined();
    side.clock.advance(REFUSAL_MS);
    expect(second.closed?.code).toBe(1008);
  });

  it('seats one that said hello before one that did not', async () => {
    const a = await side.holder({ spoke: true });
    const [silent, polite] = [await side.newcomer(), await side.newcomer()];
    await side.says(polite, 'hello', true);
    a.leave();
    await settled();
    side.expectSeated(polite);
    expect(side.seated(silent)).toBeUndefined();
  });

  it('seats the next one when the first has gone again', async () => {
    const a = await side.holder({ spoke: true });
    const [first, second] = [await side.newcomer(), await side.newcomer()];
    first.leave();
    a.leave();
    await settled();
    side.expectSeated(second);
  });

  it('seats the next one also when the first goes while its side is being claimed', async () => {
    const a = await side.holder({ spoke: true });
    const [first, second] = [await side.newcomer(), await side.newcomer()];
    const answer = side.stopDirectory();
    a.leave();
    await settled();
    first.leave();
    answer();
    await settled();
    expect(side.seated(first)).toBeUndefined();
    side.expectSeated(second);
  });

  it('leaves the side free when the only one goes while it is being claimed', async () => {
    const a = await side.holder({ spoke: true });
    const only = await side.newcomer();
    const answer = side.stopDirectory();
    a.leave();
    await settled();
    only.leave();
    answer();
    await settled();
    expect(side.owner).toBeUndefined();
    side.expectSeated(await side.newcomer());
  });

  it('does not mix up sides and rooms', async () => {
    const a = await side.holder({ spoke: true });
    await side.holder({ spoke: true, side: 'B' });
    const waiting = await side.newcomer();
    side.contests.vacated(`nt:${side.room}`, 'B');
    side.contests.vacated(`nt:${randomUUID()}`, 'A');
    await settled();
    expect(side.seated(waiting)).toBeUndefined();
    a.leave();
    await settled();
    side.expectSeated(waiting);
  });
});
