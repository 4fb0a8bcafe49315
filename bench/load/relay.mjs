// Sends `frames` frames from A to B with a bounded number in flight: only an arrival at B opens the window again, so
// nothing but the frames themselves is on the wire. Resolves with the numbers sent and arrived; a frame counts as arrived
// when it is the expected one byte for byte.

/**
 * @param lanes how many frames (times `window`) are under way: each lane keeps to its own room, or, when there are more
 *   rooms than lanes, moves on to the next room after every arrival so that all rooms take part.
 */
export function relay(rooms, { frames, size, window = 1, lanes = rooms.length, cork = true, timeoutMs = 30_000 }) {
  const wandering = lanes < rooms.length;
  let sent = 0;
  let arrived = 0;
  let next = lanes % rooms.length;

  return new Promise((resolve, reject) => {
    const stops = [];
    const stop = () => {
      clearTimeout(timer);
      for (const stopOne of stops) stopOne();
    };
    const finish = () => {
      stop();
      resolve({ sent, arrived });
    };
    const timer = setTimeout(finish, timeoutMs);
    const closed = (code) => {
      stop();
      reject(new Error(`a socket was closed with ${code}; ${arrived} of ${sent} arrived`));
    };

    const senders = rooms.map(({ room, protocol, a, b }, own) => {
      const frame = protocol.frame(room, size);
      const payload = Buffer.from(frame.sent);
      const expected = Buffer.from(frame.arrives);
      const beforeSend = cork ? corkPerTick(a.tcp) : () => {};
      const send = () => {
        if (sent === frames) return;
        sent++;
        beforeSend();
        a.socket.send(payload, { binary: protocol.binary === true });
      };
      const receive = (data) => {
        if (!data.equals(expected)) return;
        if (++arrived === frames) return finish();
        if (wandering) senders[(next = (next + 1) % senders.length)]();
        else senders[own]();
      };
      b.socket.on('message', receive);
      for (const { socket } of [a, b]) socket.on('close', closed);
      stops.push(() => {
        b.socket.off('message', receive);
        for (const { socket } of [a, b]) socket.off('close', closed);
      });
      return send;
    });

    for (let lane = 0; lane < lanes; lane++) {
      for (let i = 0; i < window; i++) senders[lane]();
    }
  });
}

/** All frames of one tick leave in one write: what was sent as a burst reaches the server as a burst. */
function corkPerTick(tcp) {
  let corked = false;
  const uncork = () => {
    corked = false;
    tcp.uncork();
  };
  return () => {
    if (corked) return;
    corked = true;
    tcp.cork();
    process.nextTick(uncork);
  };
}
