// Who is measured: what to run, with which environment, and which wire protocol the load speaks to it.
// bufferutil is a dependency of Signalbox; neither a bare `npm install ws` nor peerjs-server brings it along.
const PLAIN_WS = { WS_NO_BUFFER_UTIL: '1' };

export const SUBJECTS = {
  signalbox: { file: 'dist/main.js', protocol: 'signalbox', env: { HOST: '127.0.0.1', VOICE_BIND: '127.0.0.1' } },
  bites: { file: 'dist/main.js', protocol: 'signalbox', env: { HOST: '127.0.0.1', VOICE_BIND: '127.0.0.1' } },
  bare: { file: 'bench/servers/bare-relay.mjs', protocol: 'signalbox', env: PLAIN_WS },
  'bare-rooms': { file: 'bench/servers/bare-rooms.mjs', protocol: 'named', env: PLAIN_WS },
  peerjs: { file: 'bench/servers/peerjs.mjs', protocol: 'peerjs', env: PLAIN_WS },
  voice: { file: 'bench/servers/bare-voice.mjs', protocol: 'signalbox', env: {} },
  sigver: { file: 'dist/main.js', protocol: 'sigver', env: { HOST: '127.0.0.1' } },
  protobuf: { file: 'bench/servers/bare-sigver.mjs', protocol: 'sigver', env: PLAIN_WS },
  codes: { file: 'bench/servers/bare-codes.mjs', protocol: 'http', env: {} },
};
