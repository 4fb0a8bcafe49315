import { FakeVoice, LOUD, QUIET, VoiceStage } from '../../../test/support/voice-stage.js';

describe('who asked for events', () => {
  let stage: VoiceStage;

  beforeEach(() => {
    stage = new VoiceStage();
  });

  it('is told who is there, comes and goes, and of nobody elsewhere', () => {
    const [alice, bob, eve] = [new FakeVoice('alice'), new FakeVoice('bob', { listens: true }), new FakeVoice('eve')];
    stage.enter('room', alice, bob);
    stage.enter('elsewhere', eve);
    stage.enter('room', eve);
    stage.leave(alice);
    expect(bob.events).toEqual([
      { type: 'joined', user: 'alice', client: 'c' },
      { type: 'joined', user: 'eve', client: 'c' },
      { type: 'left', user: 'alice', client: 'c' },
    ]);
    bob.events.length = 0;
    stage.enter('elsewhere', bob);
    expect(bob.events).toEqual([{ type: 'left', user: 'eve', client: 'c' }]);
  });

  it('is told when it comes who is speaking, and of those who are quiet only that they are there', () => {
    const [alice, bob, carol] = [
      new FakeVoice('alice'),
      new FakeVoice('bob'),
      new FakeVoice('carol', { listens: true }),
    ];
    stage.enter('room', alice, bob);
    stage.speak(100, [alice, LOUD], [bob, QUIET]);
    stage.enter('room', carol);
    expect(carol.events).toEqual([
      { type: 'joined', user: 'alice', client: 'c' },
      { type: 'speaking', speaking: true, user: 'alice', client: 'c' },
      { type: 'joined', user: 'bob', client: 'c' },
    ]);
  });

  it('is told who speaks, and whom which m-line carries, when it changes and not more often', () => {
    const [alice, bob] = [new FakeVoice('alice'), new FakeVoice('bob', { listens: true })];
    stage.enter('room', alice, bob);
    bob.events.length = 0;
    stage.speak(500, [alice, QUIET]);
    stage.speak(500, [alice, LOUD], [bob, LOUD]);
    stage.sweep();
    stage.sweep(400);
    stage.leave(alice);
    expect(bob.events).toEqual([
      { type: 'slot', mid: '0', user: 'alice', client: 'c' },
      { type: 'speaking', speaking: true, user: 'alice', client: 'c' },
      { type: 'speaking', speaking: false, user: 'alice', client: 'c' },
      { type: 'slot', mid: '0' },
      { type: 'left', user: 'alice', client: 'c' },
    ]);
  });
});
