import { FakeVoice, LOUD, QUIET, SOFT, VoiceStage } from '../../../test/support/voice-stage.js';

describe('Listener', () => {
  let stage: VoiceStage;

  beforeEach(() => {
    stage = new VoiceStage();
  });

  describe('with one slot', () => {
    let [alice, bob, carol] = [new FakeVoice('alice'), new FakeVoice('bob'), new FakeVoice('carol')];

    beforeEach(() => {
      [alice, bob, carol] = [new FakeVoice('alice'), new FakeVoice('bob'), new FakeVoice('carol')];
      stage.enter('room', alice, bob, carol);
    });

    it('carries the one who talks, whoever was there before', () => {
      stage.speak(1000, [alice, QUIET]);
      expect(carol.hears()).toEqual(['alice']);
      stage.speak(20, [bob, LOUD], [alice, QUIET]);
      carol.hears();
      stage.speak(1000, [bob, LOUD], [alice, QUIET]);
      expect(carol.hears()).toEqual(['bob']);
    });

    it('carries anybody when nobody is talking, and stays with them', () => {
      stage.speak(500, [alice, QUIET], [bob, QUIET - 20]);
      expect(carol.hears()).toEqual(['alice']);
    });

    it('bridges a pause of 400 ms', () => {
      stage.speak(500, [alice, LOUD]);
      carol.hears();
      stage.speak(380, [bob, LOUD + 1]);
      expect(carol.hears()).toEqual([]);
      stage.speak(60, [bob, LOUD + 1]);
      expect(carol.hears()).toEqual(['bob']);
    });

    it('is not taken by somebody a little louder, however long', () => {
      stage.speak(500, [alice, SOFT]);
      carol.hears();
      stage.speak(5000, [alice, SOFT], [bob, SOFT - 5]);
      expect(carol.hears()).toEqual(['alice']);
    });

    it('is taken by somebody twice as loud, after 400 ms of it', () => {
      stage.speak(1000, [alice, SOFT], [bob, SOFT]);
      carol.hears();
      stage.speak(380, [alice, SOFT], [bob, LOUD]);
      expect(carol.hears()).toEqual(['alice']);
      stage.speak(1000, [alice, SOFT], [bob, LOUD]);
      expect(carol.hears()).toEqual(['alice', 'bob']);
      stage.speak(200, [alice, SOFT], [bob, LOUD]);
      expect(carol.hears()).toEqual(['bob']);
    });

    it('is taken by one of two who are both twice as loud: they do not put each other off', () => {
      const dave = new FakeVoice('dave');
      stage.enter('room', dave);
      stage.speak(1000, [alice, SOFT]);
      stage.speak(1000, [alice, SOFT], [bob, LOUD], [carol, LOUD]);
      dave.hears();
      stage.speak(500, [alice, SOFT], [bob, LOUD], [carol, LOUD]);
      expect(dave.hears()).toEqual(['bob']);
    });

    it('numbers what it carries without a gap, whoever it is', () => {
      for (let turn = 0; turn < 10; turn++) {
        stage.speak(460, [alice, turn % 2 ? LOUD : QUIET], [bob, turn % 2 ? QUIET : LOUD]);
      }
      const numbers = carol.heard.map(({ sequence }) => sequence);
      expect(numbers.every((number, i) => i === 0 || number === ((numbers[i - 1]! + 1) & 0xffff))).toBe(true);
      expect(carol.hears()).toEqual(['alice', 'bob']);
    });

    it('is free again when its speaker leaves', () => {
      stage.speak(100, [alice, LOUD], [bob, SOFT]);
      stage.leave(alice);
      carol.hears();
      stage.speak(20, [bob, QUIET]);
      expect(carol.hears()).toEqual(['bob']);
    });

    it('takes a client that sends no levels for one who talks', () => {
      const dave = new FakeVoice('dave', { levelId: 0 });
      stage.enter('room', dave);
      stage.speak(1000, [alice, QUIET], [dave, QUIET]);
      carol.hears();
      stage.speak(100, [alice, QUIET], [dave, QUIET]);
      expect(carol.hears()).toEqual(['dave']);
    });
  });

  it('carries as many at once as there are slots, each in its own; the next only when somebody is quiet', () => {
    const [carol, ...speakers] = ['carol', 'a', 'b', 'd'].map((user) => new FakeVoice(user, { slots: 2 }));
    const [a, b, d] = speakers as [FakeVoice, FakeVoice, FakeVoice];
    stage.enter('room', carol!, a, b, d);
    stage.speak(500, [a, LOUD], [b, LOUD], [d, LOUD]);
    expect(new Set(carol!.heard.map(({ mid, payload }) => `${mid} ${payload}`))).toEqual(new Set(['0 a', '1 b']));
    carol!.hears();
    stage.speak(440, [a, LOUD], [b, QUIET], [d, LOUD]);
    carol!.hears();
    stage.speak(100, [a, LOUD], [b, QUIET], [d, LOUD]);
    expect(new Set(carol!.heard.map(({ mid, payload }) => `${mid} ${payload}`))).toEqual(new Set(['0 a', '1 d']));
  });

  it('sends nothing to one who has no slots', () => {
    const [alice, deaf] = [new FakeVoice('alice'), new FakeVoice('deaf', { slots: 0 })];
    stage.enter('room', alice, deaf);
    stage.speak(100, [alice, LOUD]);
    expect(stage.conversations.packetsOut).toBe(0);
  });
});
