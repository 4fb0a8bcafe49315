// Signaling over the relay in the manner of the `nt` CLI: hello first on every open, frames queued while there is no
// connection, and listeners attached whenever the caller gets round to it: what comes before is lost (PROTOCOLS 1.5, 1).
import { browserWSWithReconnect } from '@noisytransfer/transport';
import WebSocket from 'ws';

export function relaySignal(relay, appID, side, wsConstructor = WebSocket) {
  const ws = browserWSWithReconnect(`${relay}/ws?appID=${appID}&side=${side}`, {
    wsConstructor,
    backoffMs: [100, 250, 500, 1000, 2000],
    maxRetries: 6,
  });
  const queue = [];
  ws.onOpen(() => {
    ws.send({ type: 'hello', side });
    queue.splice(0).forEach((frame) => ws.send(frame));
  });
  return {
    opened: new Promise((resolve) => ws.onOpen(resolve)),
    send: (frame) => (ws.isConnected ? ws.send(frame) : queue.push(frame)),
    onMessage: (listen) => ws.onMessage(listen),
    onClose: (listen) => ws.onClose(listen),
    close: (code, reason) => ws.close(code, reason),
  };
}

/** Attaches its listener only now, as the CLI does after awaiting `opened`. */
export function roomFull(signal) {
  return new Promise((resolve) => {
    const stop = signal.onMessage((frame) => {
      if (frame?.type !== 'room_full') return;
      stop();
      resolve();
    });
  });
}
