import { once } from 'node:events';
import { connect } from 'node:net';

/** Where NATS listens unless told otherwise. */
const NATS_PORT = 4222;

/**
 * Waits until the server says the first word, as NATS does to whoever connects, and hangs up. The client library, asked
 * to connect to a server that accepts and then says nothing, gives up but leaves its socket open.
 * @param server `host`, `host:port` or `[address]:port`
 * @throws Error if it cannot be reached, or says nothing for `ms`, or when the signal comes first
 */
export async function awaitGreeting(server: string, ms: number, signal: AbortSignal): Promise<void> {
  const { hostname, port } = new URL(`nats://${server}`);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || NATS_PORT });
  socket.setTimeout(ms, () => socket.destroy(new Error('it says nothing')));
  try {
    const hungUp = once(socket, 'close', { signal }).then(() => Promise.reject(new Error('it hung up')));
    await Promise.race([once(socket, 'data', { signal }), hungUp]);
  } finally {
    socket.destroy();
  }
}
