// How long mail takes from the sender's socket to the reader's, in ms, at a steady rate.
import { setTimeout as sleep } from 'node:timers/promises';

const TICK_MS = 10;
const PATIENCE_MS = 10_000;

export async function mail([{ a, b }], { frames, perSecond }) {
  const sentAt = [];
  const took = [];
  b.socket.on('message', (data) => {
    const { type, payload } = JSON.parse(data.toString());
    if (type === 'deliver' || type === 'send') took.push(performance.now() - sentAt[payload]);
  });
  b.socket.send(JSON.stringify({ type: 'hello', deliveredUpTo: 0 }));
  const began = performance.now();
  while (sentAt.length < frames) {
    while (sentAt.length < Math.min(frames, ((performance.now() - began) * perSecond) / 1000)) {
      const payload = sentAt.push(performance.now()) - 1;
      a.socket.send(JSON.stringify({ type: 'send', to: 'B', payload }));
    }
    await sleep(TICK_MS / 5);
  }
  const deadline = performance.now() + PATIENCE_MS;
  while (took.length < frames && performance.now() < deadline) await sleep(TICK_MS);
  return { sent: frames, arrived: took.length, took };
}
