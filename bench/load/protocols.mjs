// What the load says to each kind of server: the URL of a peer, its first frame, and the frame that is relayed together
// with what must arrive for it, byte for byte.
import { randomUUID } from 'node:crypto';
import { publicKey } from './keys.mjs';
import { sigver } from './sigver.mjs';

export const SMALL = 200;
export const LARGE = 3072;

const signalbox = {
  room: () => ({ appID: randomUUID() }),
  path: (room, side) => `/ws?appID=${room.appID}&side=${side}`,
  hello: (side) => JSON.stringify({ type: 'hello', side }),
  frame(_room, size) {
    const text = size < 1000 ? pad(ice, size) : pad(offer, size);
    return { sent: text, arrives: text };
  },
};

const peerjs = {
  room: () => ({ id: randomUUID(), token: randomUUID().slice(0, 11) }),
  path: (room, side) => `/peerjs?key=peerjs&id=${room.id}${side}&token=${room.token}`,
  hello: () => JSON.stringify({ type: 'HEARTBEAT' }),
  frame(room, size) {
    const dst = `${room.id}B`;
    const type = size < 1000 ? 'CANDIDATE' : 'OFFER';
    const sent = pad((filler) => ({ type, payload: { sdp: filler }, dst }), size);
    const { payload } = JSON.parse(sent);
    return { sent, arrives: JSON.stringify({ type, src: `${room.id}A`, dst, payload }) };
  },
};

const named = {
  room: () => ({ name: randomUUID() }),
  path: (room) => `/room/${room.name}/websocket`,
  hello: (side) => sideKey(side).register,
  /** What the server says when the peer can be reached. */
  ready: '{"type":"welcome"',
  frame(_room, size) {
    const sent = pad((filler) => ({ type: 'offer', to: sideKey('B').id, sdp: offer(filler).sdp }), size);
    return { sent, arrives: sent.replace(`"to":"${sideKey('B').id}"`, `"from":"${sideKey('A').id}"`) };
  },
};

export const PROTOCOLS = { signalbox, peerjs, named, sigver };

const sideKey = (side) => publicKey(side === 'A' ? 0 : 1);

function ice(filler) {
  const candidate = `candidate:1 1 udp 2122260223 192.0.2.1 54321 typ host ufrag ${filler}`;
  return { type: 'ice', cand: { candidate, sdpMid: '0', sdpMLineIndex: 0 } };
}

function offer(filler) {
  const sdp = `v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=setup:actpass\r\n${filler}`;
  return { type: 'offer', sdp: { type: 'offer', sdp } };
}

/** Fills a message up to exactly `size` bytes. */
function pad(build, size) {
  const missing = size - JSON.stringify(build('')).length;
  if (missing < 0) throw new Error(`no room for a frame of ${size} bytes`);
  return JSON.stringify(build('x'.repeat(missing)));
}
