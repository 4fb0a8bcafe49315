// An application on the published mailboxTransport. It counts the mail it has seen, which is all the watermark it can
// have: the transport does not tell sequence numbers. `reopen` makes it open the next transport when one says closed.
import { browserWSWithReconnect, mailboxTransport } from '@noisytransfer/transport';
import WebSocket from 'ws';
import { obey, report } from './ipc.mjs';

// The socket of a browser: without terminate(), close() is a closing handshake, and what was sent before it arrives.
let sockets = 0;
globalThis.WebSocket = class extends WebSocket {
  terminate = undefined;

  constructor(url) {
    super(url);
    const socket = ++sockets;
    this.addEventListener('open', () => report('socket-open', { socket }));
    this.addEventListener('close', ({ code, reason }) => report('socket-closed', { socket, code, reason }));
  }
};

let mailbox;
let received = 0;

async function open(options) {
  const { relay, room, side, sessionId, deliveredUpTo = received, reopen, selfResuming } = options;
  const url = `${relay}/ws`;
  mailbox = selfResuming
    ? resumingMailbox(url, { room, side, sessionId })
    : await mailboxTransport(url, { room, side, sessionId, deliveredUpTo });
  mailbox.onMessage((frame) => {
    if (frame?.type === 'room_full') return report('room-full');
    received++;
    report('mail', { frame: bytesAsHex(frame) });
  });
  mailbox.onClose?.(() => {
    report('deaf');
    if (reopen) void open(options);
  });
}

/** The published socket, which does reconnect, with the resuming that mailboxTransport means to do on top of it. */
function resumingMailbox(url, { room, side, sessionId = '' }) {
  const ws = browserWSWithReconnect(`${url}?appID=${room}&side=${side}&sid=${sessionId}`);
  let deliveredUpTo = 0;
  ws.onOpen(() => ws.send({ type: 'hello', sessionId, deliveredUpTo }));
  return {
    send: (frame) => ws.send({ type: 'send', to: side === 'A' ? 'B' : 'A', payload: JSON.stringify(frame) }),
    onMessage: (listen) =>
      ws.onMessage((message) => {
        if (message.type !== 'deliver') return listen(message);
        report('sequence', { seq: message.seq });
        deliveredUpTo = message.seq;
        listen(JSON.parse(message.payload));
        ws.send({ type: 'delivered', upTo: deliveredUpTo });
      }),
    close: () => ws.close(),
  };
}

const bytesAsHex = (frame) =>
  JSON.parse(JSON.stringify(frame, (_, value) => (value instanceof Uint8Array ? `hex:${hex(value)}` : value)));
const hex = (bytes) => Buffer.from(bytes).toString('hex');

obey({
  open,
  send: ({ frames }) => frames.forEach((frame) => mailbox.send(frame)),
  // JSON carries no bytes, so they arrive as hex; only the names in the client's own list may hold any.
  sendBytes: ({ frame, name, hex }) => mailbox.send({ ...frame, [name]: new Uint8Array(Buffer.from(hex, 'hex')) }),
  async stream({ from, to, everyMs }) {
    for (let n = from; n <= to; n++) {
      mailbox.send({ type: 'note', n });
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
    report('streamed');
  },
  close: () => mailbox.close(),
});
report('ready');
