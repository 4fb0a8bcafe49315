// A side that only signals, without WebRTC behind it: joins a room, says what it hears, and answers room_full with
// the frames it was given. `busyMs` is how long the process is occupied between sending its upgrade request and
// reading the answer: all the server has written by then arrives in one read, the listener comes after it.
import { connect } from 'node:net';
import WebSocket from 'ws';
import { obey, report } from './ipc.mjs';
import { relaySignal } from './signal.mjs';

const busyFor = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

function busySocket(busyMs) {
  const createConnection = (options) => {
    const socket = connect(options);
    socket.once('connect', () => setImmediate(() => busyFor(busyMs)));
    return socket;
  };
  return class extends WebSocket {
    constructor(url) {
      super(url, { createConnection });
    }
  };
}

let signal;

obey({
  async join({ relay, room, side, busyMs, onRoomFull = [] }) {
    signal?.close();
    signal = relaySignal(relay, room, side, busyMs ? busySocket(busyMs) : WebSocket);
    const mine = signal;
    await mine.opened;
    mine.onMessage((frame) => {
      report('heard', { room, frame });
      if (frame?.type === 'room_full') onRoomFull.forEach((answer) => mine.send(answer));
    });
    report('joined', { room });
  },
});
report('ready');
