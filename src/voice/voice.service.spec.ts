import { FakeClock } from '../../test/support/fake-clock.js';
import { FakePeer } from '../../test/support/fake-peer.js';
import { Lifecycle } from '../core/lifecycle.js';
import { Call } from './call.js';
import type { Devices } from './devices/devices.js';
import type { EndReason, ToMedia } from './media/contract.js';
import type { MediaReader, MediaService, PeerMessage } from './media.service.js';
import type { VoiceMetrics } from './voice.metrics.js';
import { VoiceService } from './voice.service.js';
import type { Move, Whereabouts } from './whereabouts/whereabouts.js';

const SDP = 'v=0\r\n';
const CANDIDATE = 'candidate:1 1 UDP 1 192.0.2.1 9 typ host';
const REASONS: { [R in EndReason]: number } = {
  gone: 1000,
  idle: 1000,
  replaced: 4500,
  stopped: 1001,
  failed: 1011,
  bad_offer: 1008,
  full: 1013,
};

describe('VoiceService', () => {
  const clock = new FakeClock();
  let lifecycle: Lifecycle;
  let media: { reader?: MediaReader; needed: boolean; sent: ToMedia[]; send(message: ToMedia): void };
  let ended: string[];
  let move: Move;
  let service: VoiceService;

  beforeEach(() => {
    lifecycle = new Lifecycle();
    ended = [];
    const sent: ToMedia[] = [];
    media = { needed: false, sent, send: (message) => sent.push(message) };
    const whereabouts = {
      onMove: (each: Move) => (move = each),
      of: (user: string) => (user === 'alice' ? 'room' : undefined),
    };
    const devices = {
      offered: () => undefined,
      connected: () => undefined,
      ended: () => undefined,
      clear: () => undefined,
    };
    service = new VoiceService(
      media as unknown as MediaService,
      whereabouts as unknown as Whereabouts,
      devices as unknown as Devices,
      lifecycle,
      { ended: { add: (reason: string) => ended.push(reason) } } as unknown as VoiceMetrics,
      clock,
    );
    service.onModuleInit();
  });

  const open = ({ user = 'alice', events = false } = {}): FakePeer<Call> => {
    const caller = new FakePeer(new Call({ user, client: 'c' }, events));
    caller.onLeave = (peer) => service.left(peer);
    service.opened(caller.peer);
    return caller;
  };
  const say = (caller: FakePeer<Call>, ...texts: string[]): void =>
    texts.forEach((text) => service.received(caller.peer, Buffer.from(text)));
  const tell = (message: PeerMessage): void => media.reader!.told(message);
  const answer = ({ id }: FakePeer<Call>): void =>
    tell({ type: 'answer', peer: id, sdp: SDP, candidates: [CANDIDATE] });
  const joined = ({ id }: FakePeer<Call>): void =>
    tell({ type: 'event', peer: id, event: { type: 'joined', user: 'bob', client: 'c' } });

  it('hands an offer on with its owner and where its user is, and the answer back: in the raw form only that', () => {
    const caller = open();
    say(caller, SDP);
    answer(caller);
    expect(media.sent).toEqual([
      {
        type: 'offer',
        peer: caller.id,
        owner: { user: 'alice', client: 'c' },
        sdp: SDP,
        events: false,
        conversation: 'room',
      },
    ]);
    expect(caller.texts).toEqual([SDP]);
  });

  it('answers the prefixed form with prefixes, and hands its candidates on', () => {
    const caller = open({ user: 'bob' });
    say(caller, `ice::${CANDIDATE}`, `offer::${SDP}`, `ice::${CANDIDATE}`);
    answer(caller);
    expect(media.sent).toMatchObject([
      { type: 'offer', sdp: SDP, conversation: undefined },
      { type: 'candidate', peer: caller.id, candidate: CANDIDATE }, // the one before the offer has nowhere to go
    ]);
    expect(caller.texts).toEqual([`answer::${SDP}`, `ice::${CANDIDATE}`]);
  });

  it('asks for events for those who want them and can read them: never in the raw form', () => {
    const [raw, prefixed, uninterested] = [open({ events: true }), open({ events: true }), open()];
    say(raw, SDP);
    say(prefixed, `offer::${SDP}`);
    say(uninterested, `offer::${SDP}`);
    expect(media.sent).toMatchObject([{ events: false }, { events: true }, { events: false }]);
    joined(prefixed);
    expect(prefixed.texts).toEqual(['event::{"type":"joined","user":"bob","client":"c"}']);
  });

  it('closes 4502 who makes no offer in 30 s', () => {
    const [silent, late, quick] = [open(), open(), open()];
    say(late, `ice::${CANDIDATE}`);
    say(quick, SDP);
    answer(quick);
    clock.advance(29_990);
    expect([silent, late, quick].map(({ closed }) => closed)).toEqual([undefined, undefined, undefined]);
    clock.advance(20);
    expect([silent, late, quick].map(({ closed }) => closed?.code)).toEqual([4502, 4502, undefined]);
  });

  it('closes 1011 when no answer comes in 15 s, from a media process that does not start for instance', () => {
    const caller = open();
    say(caller, SDP);
    clock.advance(14_990);
    expect(caller.closed).toBeUndefined();
    clock.advance(20);
    expect(caller.closed).toEqual({ code: 1011, reason: 'no connection can be established' });
  });

  it.each([
    ['hello', 'malformed offer'],
    [`offer::${SDP}`, 'one offer per socket', SDP],
    [SDP, 'one offer per socket', `offer::${SDP}`],
    ['hello', 'unknown message', SDP],
    [`ice::${'x'.repeat(2000)}`, 'unknown message', SDP],
  ])('closes 1008 for %#', (text, reason, ...before) => {
    const caller = open();
    say(caller, ...before, text);
    expect(caller.closed).toEqual({ code: 1008, reason });
  });

  it('takes no offer while the server shuts down', () => {
    lifecycle.draining = true;
    const caller = open();
    say(caller, SDP);
    expect([caller.closed?.code, media.sent]).toEqual([1013, []]);
  });

  it.each(Object.entries(REASONS) as [EndReason, number][])(
    'closes a socket whose media is %s with %i',
    (reason, code) => {
      const caller = open();
      say(caller, SDP);
      media.sent.length = 0;
      tell({ type: 'ended', peer: caller.id, reason, detail: 'why' });
      expect(caller.closed).toEqual({ code, reason: 'why' });
      expect([media.sent, ended]).toEqual([[], [reason]]);
    },
  );

  it('lets the media live on when its socket closes, and counts its end all the same', () => {
    const caller = open({ events: true });
    say(caller, `offer::${SDP}`);
    answer(caller);
    caller.leave();
    expect(media.sent.at(-1)).toEqual({ type: 'detach', peer: caller.id });
    joined(caller);
    expect(caller.texts).toHaveLength(2);
    tell({ type: 'ended', peer: caller.id, reason: 'idle', detail: '' });
    expect(ended).toEqual(['idle']);
  });

  it('closes all sockets with an offer when the media process has died, and no others', () => {
    const [offered, answered, silent] = [open(), open(), open()];
    say(offered, SDP);
    say(answered, SDP);
    answer(answered);
    media.sent.length = 0;
    media.reader!.died();
    expect([offered, answered, silent].map(({ closed }) => closed?.code)).toEqual([1011, 1011, undefined]);
    expect(media.sent).toEqual([]);
  });

  it('tells the media process who moves, once there is one', () => {
    move('alice', 'one');
    media.needed = true;
    move('alice', 'two');
    expect(media.sent).toEqual([{ type: 'move', user: 'alice', conversation: 'two' }]);
  });
});
