import { FakeVoice, LOUD, VoiceStage } from '../../../test/support/voice-stage.js';
import { noTap, type Speaker, speakerKey } from '../media/tap.js';

describe('Conversations', () => {
  let tapped: { packet: Buffer; speaker: Speaker }[];
  let listening: [string, boolean][];
  let stage: VoiceStage;

  beforeEach(() => {
    tapped = [];
    listening = [];
    stage = new VoiceStage({
      ...noTap(),
      heard: (packet, speaker) => tapped.push({ packet, speaker }),
      listening: (...change) => listening.push(change),
    });
  });

  it('gives every packet to all others in the conversation, never back, and to nobody elsewhere', () => {
    const [alice, bob, carol, eve, lost] = ['alice', 'bob', 'carol', 'eve', 'lost'].map((user) => new FakeVoice(user));
    stage.enter('room', alice!, bob!, carol!);
    stage.enter('elsewhere', eve!);
    stage.speak(100, [alice!, LOUD]);
    stage.speak(100, [lost!, LOUD]);
    expect([alice, bob, carol, eve, lost].map((client) => client!.heard.length)).toEqual([0, 5, 5, 0, 0]);
    expect(stage.conversations).toMatchObject({ size: 2, packetsIn: 10, packetsOut: 10 });
  });

  it('writes the payload type of each receiver', () => {
    const [alice, bob] = [new FakeVoice('alice'), new FakeVoice('bob', { payloadType: 96 })];
    stage.enter('room', alice, bob);
    stage.speak(20, [alice, LOUD]);
    expect(bob.heard[0]!.payloadType).toBe(96);
  });

  it('tells several clients of one user apart', () => {
    const [phone, laptop] = [new FakeVoice('alice', { client: 'phone' }), new FakeVoice('alice', { client: 'laptop' })];
    stage.enter('room', phone, laptop);
    stage.speak(20, [phone, LOUD]);
    expect([phone.heard.length, laptop.heard.length]).toEqual([0, 1]);
  });

  it('counts and ignores what is no RTP', () => {
    const alice = new FakeVoice('alice');
    stage.enter('room', alice);
    expect(stage.conversations.received(alice.participant, Buffer.from('junk'), stage.now)).toBe(false);
    expect(stage.conversations).toMatchObject({ badPackets: 1, packetsIn: 0 });
    expect(tapped).toEqual([]);
  });

  it('moves a client with its voice', () => {
    const [alice, bob, carol] = [new FakeVoice('alice'), new FakeVoice('bob'), new FakeVoice('carol')];
    stage.enter('one', alice, bob);
    stage.enter('two', carol);
    stage.speak(100, [bob, LOUD]);
    stage.enter('two', bob);
    alice.hears();
    stage.speak(100, [bob, LOUD], [alice, LOUD]);
    expect([alice.hears(), bob.hears(), carol.hears()]).toEqual([[], [], ['bob']]);
  });

  describe('the tap', () => {
    it('gets each packet as it came, with its speaker, also of somebody alone; none from outside a conversation', () => {
      const alice = new FakeVoice('alice');
      const packet = alice.packet(LOUD);
      stage.conversations.received(alice.participant, packet, stage.now);
      stage.enter('room', alice);
      stage.conversations.received(alice.participant, packet, stage.now);
      const key = speakerKey({ user: 'alice', client: 'c' });
      expect(tapped).toEqual([
        { packet, speaker: { user: 'alice', client: 'c', key, levelId: 1, conversation: 'room' } },
      ]);
      expect(tapped[0]!.packet).toBe(packet);
    });

    it('learns where somebody listens, once', () => {
      const [alice, bob] = [new FakeVoice('alice'), new FakeVoice('bob')];
      stage.enter('room', alice, bob);
      stage.enter('room', alice);
      stage.enter('next', alice);
      stage.leave(bob);
      stage.leave(bob);
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
    const receive = (from: FakeVoice, conversation?: string): void =>
      stage.conversations.receivedRemote(
        from.packet(LOUD),
        speaker(from.participant.owner.user, conversation),
        stage.now,
      );

    it('is heard by all here, and not handed to the tap again', () => {
      const [alice, bob, zoe] = [new FakeVoice('alice'), new FakeVoice('bob'), new FakeVoice('zoe')];
      stage.enter('room', alice, bob);
      receive(zoe);
      receive(zoe, 'elsewhere');
      expect([alice.heard.length, bob.heard.length, tapped.length]).toEqual([1, 1, 0]);
    });

    it('is dropped when that client is here itself', () => {
      const [alice, bob] = [new FakeVoice('alice'), new FakeVoice('bob')];
      stage.enter('room', bob);
      receive(alice);
      stage.enter('room', alice);
      bob.hears();
      receive(alice);
      expect([alice.hears(), bob.hears()]).toEqual([[], []]);
      stage.speak(20, [alice, LOUD]);
      expect(bob.hears()).toEqual(['alice']);
    });

    it('has left when it was not heard for five seconds', () => {
      const [bob, zoe] = [new FakeVoice('bob', { listens: true }), new FakeVoice('zoe')];
      stage.enter('room', bob);
      receive(zoe);
      stage.sweep(5000);
      expect(bob.events.map(({ type }) => type)).not.toContain('left');
      stage.sweep(1);
      expect(bob.events.at(-1)).toEqual({ type: 'left', user: 'zoe', client: 'c' });
    });
  });
});
