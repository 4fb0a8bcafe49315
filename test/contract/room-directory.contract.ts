import { randomUUID } from 'node:crypto';
import type { Claim, RoomDirectory } from '../../src/core/rooms/room-directory.js';
import { MANY, type Subject, times } from './subject.js';

const byMember = (a: Claim, b: Claim): number => a.member.localeCompare(b.member);

/** What every {@link RoomDirectory} promises. */
export function roomDirectoryContract(adapter: string, create: () => Promise<Subject<RoomDirectory>>): void {
  describe(`RoomDirectory in ${adapter}`, () => {
    let subject: Subject<RoomDirectory>;
    let directory: RoomDirectory;
    let room: string;

    beforeEach(async () => {
      subject = await create();
      directory = subject.store;
      room = `test:${randomUUID()}`;
    });
    afterEach(() => subject.close());

    const node = randomUUID();
    const claim = (place: string): Claim => ({ place, node, member: randomUUID() });

    describe('enter', () => {
      it('takes a free place', async () => {
        expect(await directory.enter(room, claim('A'))).toEqual({ entered: true, others: [] });
      });

      it('tells every other claim of the room', async () => {
        const roster = [claim('A'), claim('B'), claim('C')];
        for (const entering of roster) await directory.enter(room, entering);
        const { entered, others } = await directory.enter(room, claim('D'));
        expect(entered).toBe(true);
        expect(others.sort(byMember)).toEqual(roster.sort(byMember));
      });

      it('refuses a held place, and tells who holds it', async () => {
        const [holder, bystander] = [claim('A'), claim('B')];
        await directory.enter(room, holder);
        await directory.enter(room, bystander);
        const refused = await directory.enter(room, claim('A'));
        expect(refused.entered).toBe(false);
        expect(refused.others.sort(byMember)).toEqual([holder, bystander].sort(byMember));
        const { others } = await directory.enter(room, claim('C'));
        expect(others.sort(byMember)).toEqual([holder, bystander].sort(byMember));
      });

      it('lets the holder take its own place again', async () => {
        const holder = claim('A');
        await directory.enter(room, holder);
        expect(await directory.enter(room, holder)).toEqual({ entered: true, others: [] });
      });

      it('gives a place to one of many claimants', async () => {
        const entries = await Promise.all(times(MANY, () => directory.enter(room, claim('A'))));
        expect(entries.filter(({ entered }) => entered)).toHaveLength(1);
      });

      it('lets at least one of two that enter together see the other', async () => {
        for (let i = 0; i < 50; i++) {
          const both = `${room}/${i}`;
          const [a, b] = [claim('A'), claim('B')];
          const [first, second] = await Promise.all([directory.enter(both, a), directory.enter(both, b)]);
          expect([first.entered, second.entered]).toEqual([true, true]);
          expect([...first.others, ...second.others].length).toBeGreaterThan(0);
          const { others } = await directory.enter(both, claim('C'));
          expect(others.sort(byMember)).toEqual([a, b].sort(byMember));
        }
      });

      it('keeps rooms apart, and takes any text for a room or a place', async () => {
        const held = claim('__proto__');
        await directory.enter(room, held);
        expect(await directory.enter(`${room} `, claim('__proto__'))).toEqual({ entered: true, others: [] });
        expect(await directory.enter('constructor', { ...claim('A'), place: room })).toMatchObject({ entered: true });
        expect(await directory.enter(room, claim('constructor'))).toEqual({ entered: true, others: [held] });
      });
    });

    describe('leave', () => {
      it('gives the place back', async () => {
        const [first, second] = [claim('A'), claim('A')];
        await directory.enter(room, first);
        await directory.leave(room, first);
        expect(await directory.enter(room, second)).toEqual({ entered: true, others: [] });
      });

      it('leaves the other places as they are', async () => {
        const [a, b] = [claim('A'), claim('B')];
        await directory.enter(room, a);
        await directory.enter(room, b);
        await directory.leave(room, a);
        expect(await directory.enter(room, claim('A'))).toEqual({ entered: true, others: [b] });
      });

      it('does nothing when somebody else holds the place meanwhile', async () => {
        const [former, holder] = [claim('A'), claim('A')];
        await directory.enter(room, former);
        await directory.leave(room, former);
        await directory.enter(room, holder);
        await directory.leave(room, former);
        expect(await directory.enter(room, claim('A'))).toEqual({ entered: false, others: [holder] });
      });

      it('does nothing for who never held it, nor in a room that nobody is in', async () => {
        const holder = claim('A');
        await directory.leave(room, claim('A'));
        await directory.enter(room, holder);
        await directory.leave(room, claim('A'));
        await directory.leave(room, { ...holder, place: 'B' });
        expect(await directory.enter(room, claim('A'))).toEqual({ entered: false, others: [holder] });
      });

      it('may be repeated', async () => {
        const [holder, other] = [claim('A'), claim('B')];
        await directory.enter(room, holder);
        await directory.enter(room, other);
        await directory.leave(room, holder);
        await directory.leave(room, holder);
        expect(await directory.enter(room, claim('A'))).toEqual({ entered: true, others: [other] });
      });
    });
  });
}
