import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';

/**
 * Makes sure that the port can be bound, as the engine ends its process where it cannot.
 * @param port 0 = any free one
 * @returns the port
 * @throws the system's error, EADDRINUSE as a rule
 */
export async function probeUdpPort(port: number, bind: string): Promise<number> {
  const socket = createSocket(isIPv6(bind) ? 'udp6' : 'udp4');
  try {
    socket.bind({ port, address: bind || undefined, exclusive: true });
    await once(socket, 'listening');
    return socket.address().port;
  } finally {
    socket.close();
  }
}
