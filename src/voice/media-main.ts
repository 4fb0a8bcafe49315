// The media process: `fork`ed by the server at the first /connect, and ended with it.
import { openTap } from './broker/nats-tap.js';
import type { FromMedia, ToMedia } from './media/contract.js';
import { MediaProcess } from './peers/media-process.js';

const media = new MediaProcess(send, ({ nats }) =>
  openTap(nats, (level, message) => send({ type: 'log', level, message })),
);

// The server says when to stop; a signal to the whole group (Ctrl-C, a container's stop) is for the server.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit(1)); // the server is gone, and with it all that could be asked for here
process.on('message', (message: ToMedia) => {
  media.handle(message).then(() => message.type === 'stop' && process.exit(0), fail);
});

function send(message: FromMedia): void {
  if (process.connected) process.send!(message, undefined, undefined, () => {}); // a broken channel: see `disconnect`
}

function fail(error: unknown): void {
  console.error(error);
  process.exit(1);
}
