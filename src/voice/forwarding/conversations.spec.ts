import { rtp } from '../../../test/support/rtp.js';
import type { SpeakerEvent } from '../media/contract.js';
import { type ConversationTap, noTap, type Speaker, speakerKey } from '../media/tap.js';
import { Conversations } from './conversations.js';
import { Listener } from './listener.js';
import { Participant } from './participant.js';
import { Slot } from './slot.js';

const PACKET_MS = 20;
const LOUD = 20;
const SOFT = 40;
const QUIET = 90;

/** A client without a transport: what it is sent is kept by m-line. */
class Client {
  readonly heard: { mid: string; payload: string; payloadType: number; sequence: number }[] = [];
  readonly events: SpeakerEvent[] = [];
  readonly participant: Participant;
  private sequence = 0;

  constructor(user: string, { slots = 1, levelId = 1, client = 'c', payloadType = 111, listens = false } = {}) {
    const lines = Array.from({ length: slots }, (_, i) => {
      const mid = String(i);
      const send = (packet: Buffer): void =>
        void this.heard.push({
          mid,
          payload: packet.toString('utf8', 12),
          payloadType: packet[1]! & 0x7f,
          sequence: packet.readUInt16BE(2),
        });
      return new Slot({ mid, ssrc: 1000 + i, payloadType }, { send });
    });
    const tell = listens ? (event: SpeakerEvent): void => void this.events.push(event) : undefined;
    this.participant = new Participant({ user, client }, new Listener(lines, tell), levelId);
  }

  packet(level: number): Buffer {
    const { user } = this.participant.owner;
    const ssrc = user.charCodeAt(0);
    return rtp({ sequence: this.sequence++, ssrc, extensions: { 1: [level] }, payload: user });
  }

  /** Whose voices it was sent since the last time it was asked. */
  hears(): string[] {
    return [...new Set(this.heard.splice(0).map(({ payload }) => payload))].sort();
  }
}

describe('Conversations', () => {
  let tap: ConversationTap;
  let tapped: { packet: Buffer; speaker: Speaker }[];
  let listening: [string, boolean][];
  let conversations: Conversations;
  let now: number;

  beforeEach(() => {
    tapped = [];
    listening = [];
    tap = {
      ...noTap(),
      heard: (packet, speaker) => tapped.push({ packet, speaker }),
      listening: (...change) => listening.push(change),
    };
    conversations = new Conversations(tap);
    now = 10_000;
  });

  const enter = (id: string, ...clients: Client[]): void =>
    clients.forEach(({ participant }) => conversations.move(participant, id, now));

  /** Everybody sends a packet at his level every 20 ms, for so long. */
  const speak = (ms: number, ...levels: [Client, number][]): void => {
    for (const end = now + ms; now < end; now += PACKET_MS) {
      for (const [client, level] of levels) conversations.received(client.participant, client.packet(level), now);
    }
  };

  it('gives every packet to all others in the conversation, never back, and to nobody elsewhere', () => {
    const [alice, bob, carol, eve, lost] = ['alice', 'bob', 'carol', 'eve', 'lost'].map((user) => new Client(user));
    enter('room', alice!, bob!, carol!);
    enter('elsewhere', eve!);
    speak(100, [alice!, LOUD]);
    speak(100, [lost!, LOUD]);
    expect([alice, bob, carol, eve, lost].map((client) => client!.heard.length)).toEqual([0, 5, 5, 0, 0]);
    expect(conversations).toMatchObject({ size: 2, packetsIn: 10, packetsOut: 10 });
  });

  it('writes the payload type of each receiver', () => {
    const [alice, bob] = [new Client('alice'), new Client('bob', { payloadType: 96 })];
    enter('room', alice, bob);
    speak(20, [alice, LOUD]);
    expect(bob.heard[0]!.payloadType).toBe(96);
  });

  it('tells several clients of one user apart', () => {
    const [phone, laptop] = [new Client('alice', { client: 'phone' }), new Client('alice', { client: 'laptop' })];
    enter('room', phone, laptop);
    speak(20, [phone, LOUD]);
    expect([phone.heard.length, laptop.heard.length]).toEqual([0, 1]);
  });

  it('counts and ignores what is no RTP', () => {
    const alice = new Client('alice');
    enter('room', alice);
    expect(conversations.received(alice.participant, Buffer.from('junk'), now)).toBe(false);
    expect(conversations).toMatchObject({ badPackets: 1, packetsIn: 0 });
    expect(tapped).toEqual([]);
  });

  describe('with one slot', () => {
    let [alice, bob, carol] = [new Client('alice'), new Client('bob'), new Client('carol')];

    beforeEach(() => {
      [alice, bob, carol] = [new Client('alice'), new Client('bob'), new Client('carol')];
      enter('room', alice, bob, carol);
    });

    it('carries the one who talks, whoever was there before', () => {
      speak(1000, [alice, QUIET]);
      expect(carol.hears()).toEqual(['alice']);
      speak(20, [bob, LOUD], [alice, QUIET]);
      carol.hears();
      speak(1000, [bob, LOUD], [alice, QUIET]);
      expect(carol.hears()).toEqual(['bob']);
    });

    it('carries anybody when nobody is talking, and stays with them', () => {
      speak(500, [alice, QUIET], [bob, QUIET - 20]);
      expect(carol.hears()).toEqual(['alice']);
    });

    it('bridges a pause of 400 ms', () => {
      speak(500, [alice, LOUD]);
      carol.hears();
      speak(380, [bob, LOUD + 1]);
      expect(carol.hears()).toEqual([]);
      speak(60, [bob, LOUD + 1]);
      expect(carol.hears()).toEqual(['bob']);
    });

    it('is not taken by somebody a little louder, however long', () => {
      speak(500, [alice, SOFT]);
      carol.hears();
      speak(5000, [alice, SOFT], [bob, SOFT - 5]);
      expect(carol.hears()).toEqual(['alice']);
    });

    it('is taken by somebody twice as loud, after 400 ms of it', () => {
      speak(1000, [alice, SOFT], [bob, SOFT]);
      carol.hears();
      speak(380, [alice, SOFT], [bob, LOUD]);
      expect(carol.hears()).toEqual(['alice']);
      speak(1000, [alice, SOFT], [bob, LOUD]);
      expect(carol.hears()).toEqual(['alice', 'bob']);
      speak(200, [alice, SOFT], [bob, LOUD]);
      expect(carol.hears()).toEqual(['bob']);
    });

    it('numbers what it carries without a gap, whoever it is', () => {
      for (let turn = 0; turn < 10; turn++) {
        speak(460, [alice, turn % 2 ? LOUD : QUIET], [bob, turn % 2 ? QUIET : LOUD]);
      }
      const numbers = carol.heard.map(({ sequence }) => sequence);
      expect(numbers.every((number, i) => i === 0 || number === ((numbers[i - 1]! + 1) & 0xffff))).toBe(true);
      expect(carol.hears()).toEqual(['alice', 'bob']);
    });

    it('is free again when its speaker leaves', () => {
      speak(100, [alice, LOUD], [bob, SOFT]);
      conversations.leave(alice.participant);
      carol.hears();
      speak(20, [bob, QUIET]);
      expect(carol.hears()).toEqual(['bob']);
    });

    it('takes a client that sends no levels for one who talks', () => {
      const dave = new Client('dave', { levelId: 0 });
      enter('room', dave);
      speak(1000, [alice, QUIET], [dave, QUIET]);
      carol.hears();
      speak(100, [alice, QUIET], [dave, QUIET]);
      expect(carol.hears()).toEqual(['dave']);
    });
  });

  it('carries as many at once as there are slots, each in its own; the next only when somebody is quiet', () => {
    const [carol, ...speakers] = ['carol', 'a', 'b', 'd'].map((user) => new Client(user, { slots: 2 }));
    const [a, b, d] = speakers as [Client, Client, Client];
    enter('room', carol!, a, b, d);
    speak(500, [a, LOUD], [b, LOUD], [d, LOUD]);
    expect(new Set(carol!.heard.map(({ mid, payload }) => `${mid} ${payload}`))).toEqual(new Set(['0 a', '1 b']));
    carol!.hears();
    speak(440, [a, LOUD], [b, QUIET], [d, LOUD]);
    carol!.hears();
    speak(100, [a, LOUD], [b, QUIET], [d, LOUD]);
    expect(new Set(carol!.heard.map(({ mid, payload }) => `${mid} ${payload}`))).toEqual(new Set(['0 a', '1 d']));
  });

  it('sends nothing to one who has no slots', () => {
    const [alice, deaf] = [new Client('alice'), new Client('deaf', { slots: 0 })];
    enter('room', alice, deaf);
    speak(100, [alice, LOUD]);
    expect(conversations.packetsOut).toBe(0);
  });

  it('moves a client with its voice', () => {
    const [alice, bob, carol] = [new Client('alice'), new Client('bob'), new Client('carol')];
    enter('one', alice, bob);
    enter('two', carol);
    speak(100, [bob, LOUD]);
    enter('two', bob);
    alice.hears();
    speak(100, [bob, LOUD], [alice, LOUD]);
    expect([alice.hears(), bob.hears(), carol.hears()]).toEqual([[], [], ['bob']]);
  });

  describe('the tap', () => {
    it('gets each packet as it came, with its speaker, also of somebody alone; none from outside a conversation', () => {
      const alice = new Client('alice');
      const packet = alice.packet(LOUD);
      conversations.received(alice.participant, packet, now);
      enter('room', alice);
      conversations.received(alice.participant, packet, now);
      const key = speakerKey({ user: 'alice', client: 'c' });
      expect(tapped).toEqual([
        { packet, speaker: { user: 'alice', client: 'c', key, levelId: 1, conversation: 'room' } },
      ]);
      expect(tapped[0]!.packet).toBe(packet);
    });

    it('learns where somebody listens, once', () => {
      const [alice, bob] = [new Client('alice'), new Client('bob')];
      enter('room', alice, bob);
      enter('room', alice);
      enter('next', alice);
      conversations.leave(bob.participant);
      conversations.leave(bob.participant);
      expect(listening).toEqual([
        ['room', true],
        ['next', true],
        ['room', false],
      ]);
    });
  });

  describe('a voice from another node', () => {
    const speaker = (user: string, conversation = 'room'): Speaker => ({
      user,
      client: 'c',
      key: speakerKey({ user, client: 'c' }),
      levelId: 1,
      conversation,
    });
    const receive = (from: Client, conversation?: string): void =>
      conversations.receivedRemote(from.packet(LOUD), speaker(from.participant.owner.user, conversation), now);

    it('is heard by all here, and not handed to the tap again', () => {
      const [alice, bob, zoe] = [new Client('alice'), new Client('bob'), new Client('zoe')];
      enter('room', alice, bob);
      receive(zoe);
      receive(zoe, 'elsewhere');
      expect([alice.heard.length, bob.heard.length, tapped.length]).toEqual([1, 1, 0]);
    });

    it('is dropped when that client is here itself', () => {
      const [alice, bob] = [new Client('alice'), new Client('bob')];
      enter('room', bob);
      receive(alice);
      enter('room', alice);
      bob.hears();
      receive(alice);
      expect([alice.hears(), bob.hears()]).toEqual([[], []]);
      speak(20, [alice, LOUD]);
      expect(bob.hears()).toEqual(['alice']);
    });

    it('has left when it was not heard for five seconds', () => {
      const [bob, zoe] = [new Client('bob', { listens: true }), new Client('zoe')];
      enter('room', bob);
      receive(zoe);
      conversations.sweep((now += 5000));
      expect(bob.events.map(({ type }) => type)).not.toContain('left');
      conversations.sweep((now += 1));
      expect(bob.events.at(-1)).toEqual({ type: 'left', user: 'zoe', client: 'c' });
    });
  });

  describe('who asked for events', () => {
    it('is told who is there, comes and goes, and of nobody elsewhere', () => {
      const [alice, bob, eve] = [new Client('alice'), new Client('bob', { listens: true }), new Client('eve')];
      enter('room', alice, bob);
      enter('elsewhere', eve);
      enter('room', eve);
      conversations.leave(alice.participant);
      expect(bob.events).toEqual([
        { type: 'joined', user: 'alice', client: 'c' },
        { type: 'joined', user: 'eve', client: 'c' },
        { type: 'left', user: 'alice', client: 'c' },
      ]);
      bob.events.length = 0;
      enter('elsewhere', bob);
      expect(bob.events).toEqual([{ type: 'left', user: 'eve', client: 'c' }]);
    });

    it('is told who speaks, and whom which m-line carries, when it changes and not more often', () => {
      const [alice, bob] = [new Client('alice'), new Client('bob', { listens: true })];
      enter('room', alice, bob);
      bob.events.length = 0;
      speak(500, [alice, QUIET]);
      speak(500, [alice, LOUD], [bob, LOUD]);
      conversations.sweep(now);
      conversations.sweep((now += 400));
      conversations.leave(alice.participant);
      expect(bob.events).toEqual([
        { type: 'slot', mid: '0', user: 'alice', client: 'c' },
        { type: 'speaking', speaking: true, user: 'alice', client: 'c' },
        { type: 'speaking', speaking: false, user: 'alice', client: 'c' },
        { type: 'slot', mid: '0' },
        { type: 'left', user: 'alice', client: 'c' },
      ]);
    });
  });
});
