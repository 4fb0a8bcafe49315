import { offerSdp } from '../../../test/support/sdp.js';
import { readTransport, writeAnswer } from './answer.js';
import { readCandidate } from './candidate.js';
import { readOffer } from './offer.js';

const TRANSPORT = { ufrag: 'uuuu', password: 'p'.repeat(22), fingerprint: 'sha-256 AA:BB', setup: 'active' };
const CANDIDATE = 'candidate:1 1 UDP 2114977791 192.0.2.1 5000 typ host';

function answer(sdp: string): string[][] {
  const offer = readOffer(sdp, 8);
  const text = writeAnswer(offer, TRANSPORT, [readCandidate(CANDIDATE)!], ({ index }) => 1000 + index);
  expect(text.endsWith('\r\n')).toBe(true);
  return text.split(/(?=^m=)/m).map((section) => section.trim().split('\r\n'));
}

describe('writeAnswer', () => {
  it('answers each line in its place, in the other direction, with an SSRC of its own', () => {
    const [session, main, slot] = answer(offerSdp({ slots: 1 }));
    expect(session).toContain('a=group:BUNDLE 0 1');
    expect(main).toEqual([
      'm=audio 5000 UDP/TLS/RTP/SAVPF 111',
      'c=IN IP4 0.0.0.0',
      'a=mid:0',
      'a=sendrecv',
      'a=ice-ufrag:uuuu',
      `a=ice-pwd:${'p'.repeat(22)}`,
      'a=fingerprint:sha-256 AA:BB',
      'a=setup:active',
      'a=rtcp-mux',
      'a=rtpmap:111 opus/48000/2',
      'a=fmtp:111 minptime=10;useinbandfec=1',
      'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
      'a=msid:voice-1000 voice-1000',
      'a=ssrc:1000 cname:signalbox',
      `a=${CANDIDATE}`,
      'a=end-of-candidates',
    ]);
    expect(slot).toEqual(expect.arrayContaining(['a=mid:1', 'a=sendonly', 'a=ssrc:1001 cname:signalbox']));
    expect(slot!.filter((line) => /extmap|candidate/.test(line))).toEqual([]);
  });

  it('rejects what is not taken, as it was offered, and leaves it out of the group', () => {
    const video = 'm=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:v\r\n';
    const [session, first, second] = answer(offerSdp().replace('m=audio', `${video}m=audio`));
    expect(session).toContain('a=group:BUNDLE 0');
    expect(first).toEqual(['m=video 0 UDP/TLS/RTP/SAVPF 96 97', 'c=IN IP4 0.0.0.0', 'a=mid:v', 'a=inactive']);
    expect(second).toContain(`a=${CANDIDATE}`);
  });

  it('offers no voice to one who only sends', () => {
    const [, main] = answer(offerSdp().replace('a=sendrecv', 'a=sendonly'));
    expect(main).toContain('a=recvonly');
    expect(main!.join()).not.toMatch(/ssrc:|msid/);
  });

  it('has neither group nor mid where the offer had none', () => {
    expect(answer(offerSdp().replace(/a=(mid|group):.*\r\n/g, '')).join()).not.toMatch(/BUNDLE|a=mid/);
  });
});

describe('readTransport', () => {
  const sdp = 'v=0\r\na=ice-ufrag:u\r\na=ice-pwd:p\r\na=fingerprint:sha-256 AA\r\na=setup:active\r\n';

  it('reads our side of the transport', () => {
    expect(readTransport(sdp)).toEqual({ ufrag: 'u', password: 'p', fingerprint: 'sha-256 AA', setup: 'active' });
  });

  it('throws where the engine left something out', () => {
    expect(() => readTransport(sdp.replace('a=setup:active', ''))).toThrow('setup');
  });
});
