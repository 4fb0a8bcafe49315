import { encodePresence, subjectsOf } from '../../../src/voice/broker/crossing.frames.js';
import { eventually } from '../../support/eventually.js';
import { FakeClock } from '../../support/fake-clock.js';
import { NatsServer, stopNats } from '../../support/nats-server.js';
import { AgelessClock, closeNodes, collect, type Node, numberOf, openNode, PATIENT, rtp, speaker } from './packets.js';

jest.setTimeout(120_000);

/** Longer than packets are collected before they are written, in ms. */
const COLLECTED = 100;
/** Longer than a node may be silent before it counts as gone. */
const SILENT = 21_000;

let nats: NatsServer;

beforeEach(async () => {
  nats = await NatsServer.start();
});
afterEach(async () => {
  await closeNodes();
  await stopNats();
});

const open = (): Node => openNode(nats.url, new AgelessClock());

let probes = 0;

/** One talks, as a person would, until the other hears; then everything that was sent before has arrived. */
async function reaches(from: Node, to: Node, conversation: string): Promise<void> {
  const probe = speaker(conversation, `probe ${probes++}`);
  await eventually(() => {
    from.tap.heard(rtp(0), probe);
    return to.remote.some((heard) => heard.speaker.user === probe.user);
  }, PATIENT);
}

/** All that one has sent has arrived at the other, whatever conversation it was in. */
async function settled(from: Node, to: Node): Promise<void> {
  for (const { tap } of [from, to]) tap.listening('apart', true);
  await reaches(from, to, 'apart');
  for (const { tap } of [from, to]) tap.listening('apart', false);
}

/** The numbers of the packets of a user, as they came from other nodes. */
const heardOf = ({ remote }: Node, user: string) =>
  remote.filter(({ speaker: { user: id } }) => id === user).map(({ packet }) => numberOf(packet));
const NUMBERS = Array.from({ length: 50 }, (_, i) => i + 1);
const say = ({ tap }: Node, who = speaker('a')) => NUMBERS.forEach((number) => tap.heard(rtp(number), who));

describe('packets of a conversation', () => {
  it('come to every other node once, in order and unchanged, with their speaker', async () => {
    const nodes = [open(), open(), open()];
    for (const { tap } of nodes) tap.listening('a', true);
    const pairs = nodes.flatMap((from) => nodes.filter((to) => to !== from).map((to) => [from, to] as const));
    for (const [from, to] of pairs) await reaches(from, to, 'a');

    const speakers = nodes.map((_, i) => ({ ...speaker('a', `u${i}`, 'é"'), levelId: i }));
    nodes.forEach((node, i) => say(node, speakers[i]));
    for (const [from, to] of pairs) await settled(from, to);
    nodes.forEach((node, i) => {
      const others = speakers.filter((each) => each !== speakers[i]);
      for (const who of others) {
        const heard = node.remote.filter((each) => each.speaker.key === who.key);
        expect(heard.map(({ packet }) => packet)).toEqual(NUMBERS.map((number) => rtp(number)));
        expect(new Set(heard.map((each) => each.speaker)).size).toBe(1);
        expect(heard[0]!.speaker).toEqual(who);
      }
      expect(heardOf(node, speakers[i]!.user)).toEqual([]);
    });
  });

  it('go out only while another node has listeners in it', async () => {
    const outside = await collect(await nats.client(), subjectsOf('a').packets);
    const [one, other] = [open(), open()];
    one.tap.listening('a', true);
    other.tap.listening('b', true);
    say(one);
    await settled(one, other);
    expect([outside.length, heardOf(other, 'u')]).toEqual([0, []]);

    other.tap.listening('a', true);
    await reaches(one, other, 'a');
    say(one);
    await eventually(() => expect(heardOf(other, 'u')).toEqual(NUMBERS), PATIENT);

    other.tap.listening('a', false);
    await settled(other, one); // so one has heard of it
    outside.length = other.remote.length = 0;
    say(one);
    await settled(one, other);
    expect([outside.length, heardOf(other, 'u')]).toEqual([0, []]);
  });

  it('do not come from a node to one that has left the conversation and come back, twice', async () => {
    const [one, other] = [open(), open()];
    one.tap.listening('a', true);
    for (const listens of [true, false, true, true]) other.tap.listening('a', listens);
    await reaches(one, other, 'a');
    say(one);
    await settled(one, other);
    expect(heardOf(other, 'u')).toEqual(NUMBERS);
  });

  it('go on when NATS was away; what was said meanwhile is too late', async () => {
    const clock = new FakeClock();
    const [one, other] = [openNode(nats.url, clock), open()];
    for (const { tap } of [one, other]) tap.listening('a', true);
    const reachesAgain = async (who: string) =>
      eventually(() => {
        one.tap.heard(rtp(0), speaker('a', who));
        clock.advance(COLLECTED);
        return heardOf(other, who).length > 0;
      }, PATIENT);
    await reachesAgain('before');

    await nats.kill();
    await eventually(() => expect(one.logged.at(-1)).toMatch(/warn/), PATIENT);
    say(one, speaker('a', 'meanwhile'));
    clock.advance(1000);
    await nats.restart();
    await reachesAgain('after');
    expect(heardOf(other, 'meanwhile')).toEqual([]);
    expect(one.tap.counters.bites).toBeGreaterThan(NUMBERS.length);
  });

  it('go out no more when the other nodes have died without a word', async () => {
    const { packets, nodes } = subjectsOf('a');
    const client = await nats.client();
    const outside = await collect(client, packets);
    const said = await collect(client, nodes);
    const clock = new FakeClock();
    const one = openNode(nats.url, clock);
    one.tap.listening('a', true);
    await eventually(() => expect(said.length).toBe(1), PATIENT);
    client.publish(nodes, encodePresence({ node: 'ghost', listens: true, asks: true }));
    await eventually(() => expect(said.length).toBe(3), PATIENT); // both hellos and the answer
    say(one);
    clock.advance(COLLECTED);
    await eventually(() => expect(outside.length).toBe(NUMBERS.length), PATIENT);

    clock.advance(SILENT);
    say(one);
    clock.advance(COLLECTED);
    await one.tap.close();
    await client.flush();
    expect(one.tap.counters.bites).toBe(2 * NUMBERS.length);
    expect(outside.length).toBe(NUMBERS.length);
  });

  it('that are none are counted, and the next is heard', async () => {
    const client = await nats.client();
    const { packets, nodes } = subjectsOf('a');
    const [one, other] = [open(), open()];
    for (const { tap } of [one, other]) tap.listening('a', true);
    await reaches(one, other, 'a');
    for (const junk of ['', 'x', '\0\0', '\0\u0002{}............']) client.publish(packets, junk);
    for (const junk of ['', '{', '{"node":1}']) client.publish(nodes, junk);
    await eventually(() => expect(other.tap.counters.node_messages_bad).toBe(7), PATIENT);
    expect(other.logged.filter((line) => line.startsWith('warn'))).toHaveLength(1);
    say(one);
    await eventually(() => expect(heardOf(other, 'u')).toEqual(NUMBERS), PATIENT);
  });
});
