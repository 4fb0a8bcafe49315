import { answerFrame, candidateFrame, eventFrame, readFrame } from './voice.frames.js';

const read = (text: string) => readFrame(Buffer.from(text));

describe('frames of /connect', () => {
  it('are offers in two forms', () => {
    expect(read('v=0\r\n')).toEqual({ type: 'offer', form: 'raw', sdp: 'v=0\r\n' });
    expect(read('offer::v=0\r\na=x::y')).toEqual({ type: 'offer', form: 'prefixed', sdp: 'v=0\r\na=x::y' });
    expect(read('offer::')).toEqual({ type: 'offer', form: 'prefixed', sdp: '' });
  });

  it('are candidates', () => {
    expect(read('ice::candidate:1 1 UDP 1 ::1 9 typ host')).toEqual({
      type: 'candidate',
      candidate: 'candidate:1 1 UDP 1 ::1 9 typ host',
    });
  });

  it.each(['', 'hello', 'OFFER::v=0', 'answer::v=0', '{"type":"offer"}', `ice::${'x'.repeat(1024)}`])(
    'or unknown: %j',
    (text) => {
      expect(read(text)).toEqual({ type: 'unknown' });
    },
  );

  it('are not read when they are larger than an offer may be', () => {
    expect(read(`v=0\r\n${'x'.repeat(70_000)}`)).toEqual({ type: 'unknown' });
  });

  it('are written in the form of the client', () => {
    expect(answerFrame('raw', 'v=0')).toBe('v=0');
    expect(answerFrame('prefixed', 'v=0')).toBe('answer::v=0');
    expect(candidateFrame('candidate:1')).toBe('ice::candidate:1');
    expect(eventFrame({ type: 'slot', mid: '1' })).toBe('event::{"type":"slot","mid":"1"}');
  });
});
