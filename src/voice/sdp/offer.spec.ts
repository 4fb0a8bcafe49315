import fc from 'fast-check';
import { offerSdp } from '../../../test/support/sdp.js';
import { BadOffer } from './bad-offer.js';
import { engineOffer } from './engine-offer.js';
import { readOffer } from './offer.js';
import { MAX_SDP_BYTES } from './sections.js';

const MAX_SLOTS = 8;
const read = (sdp: string) => readOffer(sdp, MAX_SLOTS);
const VIDEO = 'm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:v\r\na=sendrecv\r\na=rtpmap:96 VP8/90000\r\n';
const DATA = 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:d\r\n';
const one = offerSdp();

describe('readOffer', () => {
  it('reads the line of an only voice', () => {
    const { lines, credentials, bundled } = read(one);
    expect(lines).toEqual([
      {
        index: 0,
        mid: '0',
        protocol: 'UDP/TLS/RTP/SAVPF',
        direction: 'sendrecv',
        payloadType: 111,
        levelId: 1,
        ssrcs: [4242],
        hears: true,
        speaks: true,
      },
    ]);
    expect(credentials).toMatchObject({ ufrag: 'kB7e', password: 'rrNgGg0sTjTu2mUx3bqmCIGn', setup: 'actpass' });
    expect(bundled).toBe(true);
  });

  it('takes as many further lines as there may be slots, in order', () => {
    const { lines, sections } = read(offerSdp({ slots: 12 }));
    expect(lines.map(({ index, hears, speaks }) => [index, hears, speaks])).toEqual(
      Array.from({ length: 9 }, (_, i) => [i, i === 0, true]),
    );
    expect(sections).toHaveLength(13);
  });

  it('leaves out video and data, wherever they stand', () => {
    const [head, ...rest] = offerSdp({ slots: 1 }).split('m=audio');
    const { lines, sections } = read(`${head}${VIDEO}m=audio${rest[0]}${DATA}m=audio${rest[1]}`);
    expect(lines.map(({ index }) => index)).toEqual([1, 3]);
    expect(sections.map(({ media }) => media[0])).toEqual(['video', 'audio', 'application', 'audio']);
  });

  it('hears a client that only sends, and speaks to one that only receives', () => {
    expect(read(one.replace('a=sendrecv', 'a=sendonly')).lines[0]).toMatchObject({ hears: true, speaks: false });
    expect(read(one.replace('a=sendrecv', 'a=recvonly')).lines[0]).toMatchObject({ hears: false, speaks: true });
  });

  it('takes what stands before the first m-line for all', () => {
    const session = one.match(/a=(ice-ufrag|ice-pwd|fingerprint|setup):.*\r\n/g)!.join('');
    const moved = one
      .replace(/a=(ice-ufrag|ice-pwd|fingerprint|setup):.*\r\n/g, '')
      .replace('m=audio', `${session}m=audio`);
    expect(read(moved).credentials).toEqual(read(one).credentials);
  });

  it('takes an offer from before mids and groups, but one line of it only', () => {
    const old = offerSdp({ slots: 2 }).replace(/a=(mid|group):.*\r\n/g, '');
    expect(read(old)).toMatchObject({ bundled: false, lines: [{ index: 0, mid: undefined }] });
    const single = one.replace(/a=(mid|group):.*\r\n/g, '').replace(/UDP\/TLS\//, '');
    expect(read(single)).toMatchObject({ bundled: false, lines: [{ mid: undefined, protocol: 'RTP/SAVPF' }] });
  });

  it('prefers the voice where only one line can be taken', () => {
    const [head, voice, slot] = offerSdp({ slots: 1 })
      .replace(/a=group:.*\r\n/, '')
      .split('m=audio');
    expect(read(`${head}m=audio${slot}m=audio${voice}`).lines).toMatchObject([{ index: 1, mid: '0', hears: true }]);
  });

  it.each([0, 1, 8])('takes the first line and %i further ones of a client that only listens', (maxSlots) => {
    const listener = offerSdp({ slots: 12 }).replace('a=sendrecv', 'a=recvonly');
    expect(readOffer(listener, maxSlots).lines).toHaveLength(1 + maxSlots);
  });

  it('gives no slots to a voice that does not say its SSRC: they could not be told apart', () => {
    expect(read(offerSdp({ slots: 3 }).replace(/a=ssrc:.*\r\n/g, '')).lines).toHaveLength(1);
  });

  it.each([
    ['carriage returns missing', one.replaceAll('\r', '')],
    ['no direction', one.replace('a=sendrecv\r\n', '')],
    ['Opus in capitals', one.replace('opus', 'OPUS')],
    ['no level', one.replace(/a=extmap:1 .*\r\n/, '')],
    ['a level under an id it cannot have', one.replace('a=extmap:1 ', 'a=extmap:15 ')],
    ['another fingerprint first', one.replace('a=fingerprint', 'a=fingerprint:sha-1 00:11\r\na=fingerprint')],
    ['SSRCs out of range', one.replace(/a=ssrc:4242 cname/, 'a=ssrc:99999999999 cname')],
  ])('takes an offer with %s', (_, sdp) => {
    expect(read(sdp).lines).toHaveLength(1);
  });

  it.each([
    ['', 'not an SDP'],
    ['hello', 'not an SDP'],
    ['v=0', 'no Opus audio'],
    [one.replace('v=0', 'v=1'), 'not an SDP'],
    [`${one}nonsense\r\n`, 'not an SDP'],
    [one.replace('m=audio 9', 'm=audio'), 'not an SDP'],
    [one.replace('m=audio 9', 'm=audio x'), 'not an SDP'],
    [one.replace(/a=rtpmap:111.*\r\n/, ''), 'no Opus audio'],
    [one.replace('a=rtpmap:111', 'a=rtpmap:99999999999999999999'), 'no Opus audio'],
    [one.replaceAll('111', '128'), 'no Opus audio'],
    [one.replaceAll('111', '64'), 'no Opus audio'],
    [one.replaceAll('111', '95'), 'no Opus audio'],
    [one.replace('opus/48000/2', 'opus/16000/1'), 'no Opus audio'],
    [one.replace('m=audio 9', 'm=audio 0'), 'no Opus audio'],
    [one.replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP'), 'no Opus audio'],
    [one.replace('a=mid:0', `a=mid:${'x'.repeat(33)}`), 'no Opus audio'],
    [VIDEO, 'not an SDP'],
    [one.replace('a=sendrecv', 'a=inactive'), 'no audio that is sent or received'],
    [one.replace('BUNDLE 0', 'BUNDLE 7'), 'no audio that is sent or received'],
    [offerSdp({ slots: 1 }).replace('a=mid:1', 'a=mid:0'), 'same mid'],
    [one.replace(/a=ice-ufrag.*\r\n/, ''), 'no ICE credentials'],
    [one.replace(/a=ice-ufrag:.*/, 'a=ice-ufrag:a b'), 'no ICE credentials'],
    [one.replace(/a=ice-pwd:.*/, 'a=ice-pwd:short'), 'no ICE credentials'],
    [one.replace(/a=fingerprint.*\r\n/, ''), 'no usable fingerprint'],
    [one.replace('sha-256', 'md5'), 'no usable fingerprint'],
    [one.replace('D2:FA', 'D2'), 'no usable fingerprint'],
    [one.replace('D2:FA', 'XX:FA'), 'no usable fingerprint'],
    [one.replace('actpass', 'holdconn'), 'no usable setup role'],
    [offerSdp({ slots: 70 }), 'too many m-lines'],
    [one + 'a=x:'.padEnd(MAX_SDP_BYTES, 'x'), 'too large'],
  ])('refuses %#: %s', (sdp, reason) => {
    expect(() => read(sdp)).toThrow(BadOffer);
    expect(() => read(sdp)).toThrow(reason);
  });

  it('answers or refuses whatever is done to an offer, and hands on only what it knows', () => {
    const lines = offerSdp({ slots: 2 }).split('\r\n');
    const line = fc.oneof(
      fc.constantFrom(...lines),
      fc.string({ maxLength: 40 }),
      fc.constantFrom('a=mid:0', 'a=ssrc:-1 x'),
    );
    const edits = fc.array(fc.tuple(fc.nat(lines.length), fc.nat(2), line), { maxLength: 6 });
    const known =
      /^([vostc]=.*|m=audio 9 UDP\/TLS\/RTP\/SAVPF \d{1,3}|a=(group|ice-ufrag|ice-pwd|fingerprint|setup|mid|rtpmap|ssrc):[\w +/:-]*|a=(sendrecv|sendonly|recvonly|rtcp-mux))$/;
    fc.assert(
      fc.property(edits, (changes) => {
        const changed = [...lines];
        for (const [at, remove, insert] of changes) changed.splice(at, remove, insert);
        try {
          const handedOn = engineOffer(read(changed.join('\r\n')))
            .split('\r\n')
            .filter(Boolean);
          expect(handedOn.filter((each) => !known.test(each))).toEqual([]);
        } catch (error) {
          if (!(error instanceof BadOffer)) throw error;
        }
      }),
    );
  });
});
