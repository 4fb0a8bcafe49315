import { randomUUID } from 'node:crypto';
import { memberId } from '../../src/core/rooms/member.js';
import type { Claim, Entry, RoomDirectory, Terms } from '../../src/core/rooms/room-directory.js';
import { MANY, type Subject, times } from './subject.js';

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
    let made = 0;
    const claim = (place: string, card = ''): Claim => ({ place, member: memberId(node, ++made), card });

    /** The answer, with the roster as an array in its order. */
    async function enter(
      claim: Claim,
      terms: Terms = {},
      key = room,
    ): Promise<{ outcome: Entry['outcome']; revision: number; claims: Claim[] }> {
      let settled: { outcome: Entry['outcome']; revision: number; claims: Claim[] } | undefined;
      await directory.enter(key, claim, terms, ({ outcome, revision, claims }) => {
        expect(settled).toBeUndefined();
        settled = { outcome, revision, claims: [...claims.values()] };
      });
      return settled!;
    }

    async function leave(claim: Claim): Promise<number> {
      let settled: number | undefined;
      await directory.leave(room, claim, (revision) => (settled = revision));
      return settled!;
    }

    async function look(key = room): Promise<{ revision: number; claims: Claim[] }> {
      const { revision, claims } = await directory.look(key);
      return { revision, claims: [...claims.values()] };
    }

    describe('enter', () => {
      it('takes a free place', async () => {
        const a = claim('A', 'a card');
        expect(await enter(a)).toMatchObject({ outcome: 'entered', claims: [a] });
        expect((await look()).claims).toEqual([a]);
      });

      it('tells all claims in order of entering', async () => {
        const roster = [claim('D'), claim('B'), claim('C'), claim('A')];
        for (const [i, entering] of roster.entries()) {
          expect((await enter(entering)).claims).toEqual(roster.slice(0, i + 1));
        }
      });

      it('refuses a held place and changes nothing', async () => {
        const [holder, bystander] = [claim('A'), claim('B')];
        await enter(holder);
        const before = await enter(bystander);
        expect(await enter(claim('A'))).toEqual({ ...before, outcome: 'held' });
        expect(await look()).toEqual({ revision: before.revision, claims: [holder, bystander] });
      });

      it('lets the holder take its own place again, with another card, and keeps its turn', async () => {
        const [a, b] = [claim('A', 'old'), claim('B')];
        await enter(a);
        await enter(b);
        const renewed = { ...a, card: 'new' };
        expect(await enter(renewed)).toMatchObject({ outcome: 'entered', claims: [renewed, b] });
      });

      it('gives a place to one of many claimants', async () => {
        const entries = await Promise.all(times(MANY, () => enter(claim('A'))));
        expect(entries.filter(({ outcome }) => outcome === 'entered')).toHaveLength(1);
      });

      it('lets at least one of two that enter together see the other', async () => {
        for (let i = 0; i < 50; i++) {
          const both = `${room}/${i}`;
          const entries = await Promise.all([enter(claim('A'), {}, both), enter(claim('B'), {}, both)]);
          expect(entries.map(({ outcome }) => outcome)).toEqual(['entered', 'entered']);
          expect(entries.map(({ claims }) => claims.length).sort()).toEqual([1, 2]);
        }
      });

      it('keeps rooms apart, and takes any text for a room, a place or a card', async () => {
        const held = claim('__proto__', '{"\u0000":"ü\\n"}');
        await enter(held);
        expect(await enter(claim('__proto__'), {}, `${room} `)).toMatchObject({ outcome: 'entered' });
        expect(await enter({ ...claim('A'), place: room }, {}, 'constructor')).toMatchObject({ outcome: 'entered' });
        expect((await enter(claim('constructor'))).claims[0]).toEqual(held);
      });
    });

    describe('terms', () => {
      it('bound the room, but not for who is in it already', async () => {
        const [a, b] = [claim('A'), claim('B')];
        await enter(a, { capacity: 2 });
        await enter(b, { capacity: 2 });
        expect(await enter(claim('C'), { capacity: 2 })).toMatchObject({ outcome: 'full', claims: [a, b] });
        expect(await enter(b, { capacity: 2 })).toMatchObject({ outcome: 'entered' });
      });

      it('let no more in than there is room for, however many try at once', async () => {
        const entries = await Promise.all(times(MANY, (i) => enter(claim(`P${i}`), { capacity: 7 })));
        expect(entries.filter(({ outcome }) => outcome === 'entered')).toHaveLength(7);
      });

      it('let one of many decide on the same state of the room', async () => {
        const { revision } = await enter(claim('A'));
        const entries = await Promise.all(times(MANY, (i) => enter(claim(`P${i}`), { revision })));
        expect(entries.filter(({ outcome }) => outcome === 'entered')).toHaveLength(1);
        expect(entries.filter(({ outcome }) => outcome === 'changed')).toHaveLength(MANY - 1);
      });

      it('put one claim in the place of another in one step', async () => {
        const [a, b] = [claim('A'), claim('B')];
        const before = await enter(a);
        const after = await enter(b, { replacing: 'A', capacity: 1, revision: before.revision });
        expect(after).toEqual({ outcome: 'entered', revision: before.revision + 1, claims: [b] });
      });

      it('take over a held place', async () => {
        const [a, next] = [claim('A'), claim('A')];
        await enter(a);
        expect(await enter(next, { replacing: 'A' })).toMatchObject({ outcome: 'entered', claims: [next] });
      });
    });

    describe('leave', () => {
      it('gives the place back', async () => {
        const [first, second] = [claim('A'), claim('A')];
        await enter(first);
        await leave(first);
        expect(await look()).toMatchObject({ claims: [] });
        expect(await enter(second)).toMatchObject({ outcome: 'entered', claims: [second] });
      });

      it('leaves the other places as they are', async () => {
        const [a, b] = [claim('A'), claim('B')];
        await enter(a);
        await enter(b);
        await leave(a);
        expect((await look()).claims).toEqual([b]);
      });

      it('does nothing when somebody else holds the place meanwhile', async () => {
        const [former, holder] = [claim('A'), claim('A')];
        await enter(former);
        await leave(former);
        const { revision } = await enter(holder);
        expect(await leave(former)).toBe(revision);
        expect(await look()).toEqual({ revision, claims: [holder] });
      });

      it('does nothing for who never held it, nor in a room that nobody is in', async () => {
        const holder = claim('A');
        await leave(claim('A'));
        await enter(holder);
        await leave(claim('A'));
        await leave({ ...holder, place: 'B' });
        expect((await look()).claims).toEqual([holder]);
      });

      it('may be repeated', async () => {
        const [holder, other] = [claim('A'), claim('B')];
        await enter(holder);
        await enter(other);
        expect(await leave(holder)).toBe(await leave(holder));
        expect((await look()).claims).toEqual([other]);
      });
    });

    describe('restore', () => {
      const restore = async (of: string, ...claims: Claim[]): Promise<{ revision: number; claims: Claim[] }> => {
        let settled: { revision: number; claims: Claim[] } | undefined;
        await directory.restore(room, of, claims, ({ revision, claims: roster }) => {
          expect(settled).toBeUndefined();
          settled = { revision, claims: [...roster.values()] };
        });
        return settled!;
      };
      const elsewhere = (place: string): Claim => ({ ...claim(place), member: memberId(randomUUID(), 1) });

      it('enters what is missing, and ends what is no more', async () => {
        const [former, still, missing] = [claim('A'), claim('B'), claim('C', 'a card')];
        await enter(former);
        await enter(still);
        const { revision, claims } = await restore(node, still, missing);
        expect(claims).toEqual([still, missing]);
        expect(await look()).toEqual({ revision, claims });
      });

      it('changes nothing where all is as it should be', async () => {
        const [a, b] = [claim('A'), claim('B')];
        await enter(a);
        const before = await enter(b);
        expect(await restore(node, a, b)).toEqual({ revision: before.revision, claims: [a, b] });
        expect(await restore(randomUUID())).toEqual({ revision: before.revision, claims: [a, b] });
      });

      it('leaves a place to another node that has it meanwhile', async () => {
        const [holder, former] = [elsewhere('A'), claim('A')];
        await enter(holder);
        expect((await restore(node, former)).claims).toEqual([holder]);
      });

      it('ends all claims of a node, and no others', async () => {
        const [mine, others] = [claim('A'), elsewhere('B')];
        await enter(mine);
        await enter(others);
        expect((await restore(node)).claims).toEqual([others]);
        expect((await look()).claims).toEqual([others]);
      });

      it('makes a room that nobody knows of any more, and does not where there is nothing to claim', async () => {
        expect(await restore(node)).toEqual({ revision: 0, claims: [] });
        const [a, b] = [claim('A'), claim('B')];
        expect((await restore(node, a, b)).claims).toEqual([a, b]);
      });
    });

    it('keeps the rooms it knows', async () => {
      await enter(claim('A'));
      expect(await directory.keep([room])).toEqual([]);
      expect(directory.reachable).toBe(true);
    });

    describe('revisions', () => {
      it('grow by one with each change', async () => {
        const [a, b] = [claim('A'), claim('B')];
        const { revision } = await enter(a);
        expect((await enter(b)).revision).toBe(revision + 1);
        expect((await enter(claim('B'))).revision).toBe(revision + 1);
        expect(await leave(a)).toBe(revision + 2);
        expect((await look()).revision).toBe(revision + 2);
      });

      it('are 0 where nobody is, and never come again', async () => {
        expect(await look()).toEqual({ revision: 0, claims: [] });
        const seen = new Set<number>();
        for (let i = 0; i < 20; i++) {
          const [a, b] = [claim('A'), claim('B')];
          for (const each of [a, b]) seen.add((await enter(each)).revision);
          await leave(a);
          await leave(b);
          expect((await look()).claims).toEqual([]);
        }
        expect(seen.size).toBe(40);
      });

      it('let an entry into an empty room depend on its emptiness', async () => {
        const a = claim('A');
        const { revision } = await look();
        expect(await enter(a, { revision })).toMatchObject({ outcome: 'entered' });
        expect(await enter(claim('B'), { revision })).toMatchObject({ outcome: 'changed' });
      });
    });
  });
}
