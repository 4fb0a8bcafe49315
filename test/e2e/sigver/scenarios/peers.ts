import { randomUUID } from 'node:crypto';
import { SigverClient } from '../../../support/sigver-client.js';

/** Where the n-th peer of a scenario finds the group of a key: all on one node, or on several. */
export type UrlOf = (peer: number, key: string, query?: string) => string;

/** A group of its own for each test, and its peers, each on the next of the nodes. */
export class Peers {
  readonly key: string = randomUUID();
  private opened = 0;

  constructor(private readonly urlOf: UrlOf) {}

  async open(query = '', key = this.key): Promise<SigverClient> {
    return SigverClient.open(this.urlOf(this.opened++, key, query));
  }

  /** Members with the ids 1, 2, …: each says that it is connected to the first. */
  async group(size: number, ...queries: string[]): Promise<SigverClient[]> {
    const members: SigverClient[] = [];
    for (let id = 1; id <= size; id++) {
      const member = await this.open(queries[id - 1]);
      expect(await member.connect(id, id === 1 ? [] : [1])).toBe(true);
      members.push(member);
    }
    return members;
  }

  /** A member, and a joiner bound to it by the signaling id. */
  async bound(): Promise<{ member: SigverClient; joiner: SigverClient; id: number }> {
    const [member] = await this.group(1);
    const joiner = await this.open();
    expect(await joiner.connect(2)).toBe(false);
    return { member: member!, joiner, id: await signalingId(joiner, member!) };
  }
}

let marks = 0;

/** Proves that the joiner is bound to that member, and by which id. */
export async function signalingId(joiner: SigverClient, member: SigverClient): Promise<number> {
  const data = `mark ${++marks}`;
  joiner.say({ data });
  const got = await member.content();
  expect(got).toEqual({ senderId: expect.any(Number) as number, recipientId: 0, lastData: false, data });
  return got.senderId;
}
