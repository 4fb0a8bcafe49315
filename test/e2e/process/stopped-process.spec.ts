import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../support/eventually.js';
import { killServers, ServerProcess } from '../../support/server-process.js';
import { dropSockets, WsClient } from '../../support/ws-client.js';

jest.setTimeout(120_000);

const HEARTBEAT_MS = 1500;

/** How long the holder of a side has to answer when a newcomer comes (PROTOCOLS.md 1.5, trap 4). */
const CHALLENGE_MS = 1500;

afterEach(async () => {
  dropSockets();
  await killServers();
});

// A laptop that sleeps, a virtual machine that is moved, a debugger: the answers to the pings wait in the kernel.
describe('a server that stood still for longer than a heartbeat', () => {
  it('does not take clients for dead that have answered meanwhile', async () => {
    const server = await ServerProcess.start({ HEARTBEAT: `${HEARTBEAT_MS}ms` });
    const clients = await Promise.all(
      Array.from({ length: 20 }, () =>
        WsClient.open(`${server.ws}/ws?appID=${randomUUID()}&side=A`, { autoPong: false }),
      ),
    );
    await eventually(() => expect(clients.map(({ pings }) => pings)).toEqual(clients.map(() => 1)), { interval: 5 });
    server.signal('SIGSTOP');
    await delay(50); // nothing can be waited for here: nothing happens
    for (const { ws } of clients) ws.pong();
    await delay(2 * HEARTBEAT_MS);
    server.signal('SIGCONT');
    await Promise.all(clients.map((client) => client.settled()));
    expect(clients.map(({ closed }) => closed)).toEqual(clients.map(() => undefined));
  });

  it('does not give the side of such a client to a newcomer', async () => {
    const server = await ServerProcess.start({ HEARTBEAT: '1h' });
    const url = `${server.ws}/ws?appID=${randomUUID()}&side=A`;
    const holder = await WsClient.open(url, { autoPong: false });
    holder.send({ type: 'hello' });
    await holder.settled();
    const newcomer = await WsClient.open(url);
    await eventually(() => expect(holder.pings).toBe(1), { interval: 1 });
    server.signal('SIGSTOP');
    await delay(50);
    holder.ws.pong();
    await delay(CHALLENGE_MS);
    server.signal('SIGCONT');
    expect(await newcomer.end()).toMatchObject({ code: 1008 });
    expect(holder.closed).toBeUndefined();
  });
});
