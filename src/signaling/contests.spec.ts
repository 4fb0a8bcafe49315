import { ContestSide } from '../../test/support/contest-side.js';
import { settled } from '../../test/support/fake-peer.js';
import { REFUSAL_MS } from './contests.js';

let side: ContestSide;
beforeEach(() => (side = new ContestSide()));

describe('a contest with a live holder (trap 3)', () => {
  it('keeps the holder and refuses the newcomer as busy, not before two seconds have passed', async () => {
    const a = await side.holder({ spoke: true });
    const rival = await side.newcomer();
    expect(a.challenges).toBe(1);
    side.clock.advance(REFUSAL_MS - 1);
    await settled();
    expect(rival.closed).toBeUndefined();
    side.clock.advance(1);
    expect(rival.closed).toEqual({ code: 1008, reason: 'side A busy' });
    expect(a.ended).toBe(false);
    expect(side.owner).toBe(a);
    expect(side.metrics.contests.get('refused')).toBe(1);
  });

  it('refuses newcomers that come again and again, each in its own time', async () => {
    const a = await side.holder({ spoke: true });
    const rivals = [];
    for (let i = 0; i < 5; i++) {
      rivals.push(await side.newcomer());
      side.clock.advance(REFUSAL_MS / 4);
    }
    side.clock.advance(REFUSAL_MS);
    expect(rivals.map(({ closed }) => closed?.code)).toEqual(Array(5).fill(1008));
    expect(a.ended).toBe(false);
    expect(side.metrics.contests.get('abandoned')).toBe(0);
  });

  it('is about one side: the refusal names it', async () => {
    await side.holder({ spoke: true });
    const rival = await side.newcomer();
    side.clock.advance(REFUSAL_MS);
    expect(rival.closed!.reason).toBe(`side ${rival.session.side} busy`);
  });

  it('forgets a newcomer that goes away by itself', async () => {
    await side.holder({ spoke: true });
    const rival = await side.newcomer();
    rival.leave();
    side.clock.advance(REFUSAL_MS);
    expect(rival.closed).toBeUndefined();
    expect(side.metrics.contests.get('abandoned')).toBe(1);
    expect(side.metrics.contests.get('refused')).toBe(0);
  });
});

describe('a contest with a holder that is gone (trap 4)', () => {
  it('ends it and lets the newcomer in, with all that it has said meanwhile, in order', async () => {
    const dead = await side.holder({ spoke: true });
    let giveUp!: (alive: boolean) => void;
    dead.verdict = new Promise((resolve) => (giveUp = resolve));
    const returning = await side.newcomer();
    await side.says(returning, 'hello', true);
    await side.says(returning, 'offer');
    expect(dead.ended).toBe(false);
    giveUp(false);
    await settled();
    expect(dead.evicted).toBe(true);
    side.expectSeated(returning);
    expect(side.seated(returning)).toEqual(['hello', 'offer']);
    side.clock.advance(2 * REFUSAL_MS);
    expect(returning.closed).toBeUndefined();
    expect(side.metrics.contests.get('seated')).toBe(1);
  });

  it('lets the newcomer in at once when the holder leaves by itself', async () => {
    const a = await side.holder({ spoke: true });
    const next = await side.newcomer();
    a.leave();
    await settled();
    expect(a.evicted).toBe(false);
    side.expectSeated(next);
  });

  it('lets it in as well when the holder has left before the contest began', async () => {
    const next = await side.newcomer();
    side.expectSeated(next);
  });

  it('stops reading from a newcomer that says too much, and reads on once it is seated', async () => {
    const a = await side.holder({ spoke: true });
    const next = await side.newcomer();
    await side.says(next, 'x'.repeat(200_000));
    expect(next.paused).toBe(false);
    await side.says(next, 'x'.repeat(100_000));
    expect(next.paused).toBe(true);
    a.leave();
    await settled();
    expect(next.paused).toBe(false);
    expect(side.seated(next)).toHaveLength(2);
  });
});

describe('a contest with a deaf rival (trap 5)', () => {
  it('displaces a holder that has sent no frame for a newcomer that says hello', async () => {
    const ghost = await side.holder({ spoke: false });
    const next = await side.newcomer();
    expect(ghost.ended).toBe(false);
    await side.says(next, 'hello', true);
    expect(ghost.closed?.code).toBe(4500);
    side.expectSeated(next);
  });

  it('never displaces a holder that has spoken, hello or not', async () => {
    const a = await side.holder({ spoke: true });
    const rival = await side.newcomer();
    for (let i = 0; i < 3; i++) await side.says(rival, 'hello', true);
    expect(a.ended).toBe(false);
    side.clock.advance(REFUSAL_MS);
    expect(rival.closed?.code).toBe(1008);
  });

  it('never displaces anybody for a newcomer that says no hello', async () => {
    const ghost = await side.holder({ spoke: false });
    const silent = await side.newcomer();
    const talking = await side.newcomer();
    await side.says(talking, 'offer');
    side.clock.advance(REFUSAL_MS);
    expect(ghost.ended).toBe(false);
    expect([silent, talking].map(({ closed }) => closed?.code)).toEqual([1008, 1008]);
  });
});
