/** An offer as Chromium writes it, shortened: one voice, and so many m-lines to hear others. */
export function offerSdp({ slots = 0, ssrc = 4242 }: { slots?: number; ssrc?: number } = {}): string {
  const mids = Array.from({ length: slots + 1 }, (_, i) => String(i));
  return [
    'v=0',
    'o=- 6361265130478342243 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${mids.join(' ')}`,
    'a=extmap-allow-mixed',
    'a=msid-semantic: WMS stream',
    ...mids.flatMap((mid, i) => audioLines(mid, i === 0 ? ssrc : undefined)),
    '',
  ].join('\r\n');
}

/** @param ssrc of a voice that is sent; without one the line is for hearing only */
function audioLines(mid: string, ssrc: number | undefined): string[] {
  return [
    'm=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126',
    'c=IN IP4 0.0.0.0',
    'a=rtcp:9 IN IP4 0.0.0.0',
    'a=ice-ufrag:kB7e',
    'a=ice-pwd:rrNgGg0sTjTu2mUx3bqmCIGn',
    'a=ice-options:trickle',
    'a=fingerprint:sha-256 D2:FA:0E:C3:22:59:5E:14:95:69:92:3D:13:B4:84:24:2C:C2:A2:C0:3E:FD:34:8E:5E:EA:6F:AF:52:CE:E6:0F',
    'a=setup:actpass',
    `a=mid:${mid}`,
    'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
    'a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
    ssrc === undefined ? 'a=recvonly' : 'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:111 opus/48000/2',
    'a=rtcp-fb:111 transport-cc',
    'a=fmtp:111 minptime=10;useinbandfec=1',
    'a=rtpmap:63 red/48000/2',
    ...(ssrc === undefined
      ? []
      : ['a=msid:stream track', `a=ssrc:${ssrc} cname:x`, `a=ssrc:${ssrc} msid:stream track`]),
  ];
}
