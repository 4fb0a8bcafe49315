import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What stands in front of voice: adds X-User-Claim to every request, one user and client per proxy. */
export interface ClaimProxy {
  http: string;
  close(): Promise<void>;
}

/** @param target the port of the server on loopback */
export async function startClaimProxy(target: number, user: string, client = 'browser'): Promise<ClaimProxy> {
  const header = `X-User-Claim: ${JSON.stringify({ userid: user, clientid: client })}\r\n`;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined); // `close` follows
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    readHead(near, (head, rest) => {
      // One request a connection: a second one on it would go by without the header.
      const isUpgrade = /^upgrade:/im.test(head);
      const lines = isUpgrade ? head : `${head.replace(/^connection:.*\r\n/im, '')}Connection: close\r\n`;
      far.write(`${lines}${header}\r\n`);
      far.write(rest);
      near.pipe(far);
      far.pipe(near);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    http: `http://127.0.0.1:${port}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Calls back with the head of the request, up to the empty line, and with what came behind it. */
function readHead(socket: Socket, done: (head: string, rest: Buffer) => void): void {
  let received = Buffer.alloc(0);
  const take = (chunk: Buffer): void => {
    received = Buffer.concat([received, chunk]);
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return;
    socket.off('data', take);
    socket.pause();
    done(received.toString('latin1', 0, end + 2), received.subarray(end + 4));
  };
  socket.on('data', take);
}
