import { Logger } from '@nestjs/common';
import { eventually } from '../../../test/support/eventually.js';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { killRedisServers, RedisServer } from '../../../test/support/redis-server.js';
import { parseRedisUrl } from '../../config/redis-url.js';
import { LocalMembers } from '../../core/rooms/local-members.js';
import type { Member } from '../../core/rooms/member.js';
import type { Claim } from '../../core/rooms/room-directory.js';
import { RedisLink } from './redis-link.js';
import { RedisNodeBus } from './redis-node-bus.js';
import { RedisRoomDirectory } from './redis-room-directory.js';

jest.setTimeout(120_000);

const PATIENCE = { timeout: 60_000 };

/** One node's view of the rooms, and all that it hears, in order. */
class Node {
  readonly members = new LocalMembers();
  readonly heard: string[] = [];
  readonly link: RedisLink;
  readonly bus: RedisNodeBus;
  readonly directory: RedisRoomDirectory;
  readonly claim: Claim;

  constructor(url: string, place: string) {
    const clock = new FakeClock();
    this.link = new RedisLink(parseRedisUrl(url), clock);
    this.bus = new RedisNodeBus(this.link, this.members, clock);
    this.directory = new RedisRoomDirectory(this.link, this.bus, this.members.node);
    this.claim = { place, member: this.members.nextId(), card: '' };
    this.members.add({ id: this.claim.member, send: (frame) => void this.heard.push(String(frame)) } as Member);
    this.directory.onChange(({ left, entered }) => {
      for (const claim of left) this.heard.push(`${claim.place} left`);
      for (const claim of entered) this.heard.push(`${claim.place} entered`);
    });
  }

  async enter(): Promise<void> {
    await this.link.onModuleInit();
    await this.directory.enter('x:1', this.claim, {}, () => undefined);
  }
}

describe('RedisRoomDirectory', () => {
  let here: Node;
  let there: Node;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    const redis = await RedisServer.start();
    [here, there] = [new Node(redis.url, 'A'), new Node(redis.url, 'B')];
  });
  afterAll(async () => {
    for (const { link } of [here, there]) link.onApplicationShutdown();
    await killRedisServers();
  });

  it('tells of a change after what was sent before it, though in the same tick: nobody speaks who has left', async () => {
    await there.enter();
    await here.enter();
    here.bus.member(there.claim.member)!.send('last words');
    await here.directory.leave('x:1', here.claim, () => undefined);
    await eventually(() => expect(there.heard).toEqual(['A entered', 'last words', 'A left']), PATIENCE);
  });
});
