import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Child, killChildren } from '../../../support/child.js';
import type { UrlOf } from './peers.js';

const SCRIPT = fileURLToPath(new URL('../clients/netflux-peer.mjs', import.meta.url));
const SLOW = { timeout: 60_000 };
const ATTEMPTS = 3;

/** The add-on that gives netflux WebRTC now and then takes its process down; that says nothing about the server. */
const CRASH = /it ended \(SIG(SEGV|ABRT|BUS|ILL|TRAP)\)/;

interface NetfluxPeer {
  child: Child;
  id: number;
}

/** Peers by the published netflux, each in a process of its own, over real data channels. */
export function netfluxScenarios(urlOf: UrlOf): void {
  afterEach(killChildren);

  it('makes one group of three peers; one leaves, and comes back as a new process', async () => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await oneGroup(urlOf);
      } catch (error) {
        if (attempt === ATTEMPTS || !CRASH.test(String(error))) throw error;
        await killChildren();
      }
    }
  });
}

async function oneGroup(urlOf: UrlOf): Promise<void> {
  const key = randomUUID();
  let opened = 0;
  const join = async (): Promise<NetfluxPeer> => {
    const child = new Child(SCRIPT, { url: urlOf(opened++, ''), key });
    return { child, id: (await child.event('joined', SLOW))['id'] as number };
  };

  const [a, b, c] = [await join(), await join(), await join()];
  await allKnow(a, b, c);
  await eachHears(a, b, c);
  b.child.send({ do: 'leave' });
  await allKnow(a, c);
  const again = await join();
  await allKnow(a, again, c);
  await eachHears(a, again, c);
}

/** Each knows these as the members of the group. */
async function allKnow(...peers: NetfluxPeer[]): Promise<void> {
  const members = JSON.stringify(peers.map(({ id }) => id).sort());
  const known = ({ child }: NetfluxPeer) =>
    child.waitFor(({ event, members: now }) => event === 'members' && JSON.stringify(now) === members, SLOW);
  await Promise.all(peers.map(known));
}

/** What one says arrives at all others. */
async function eachHears(...peers: NetfluxPeer[]): Promise<void> {
  for (const { child, id } of peers) {
    const data = `from ${id}: ${randomUUID()}`;
    child.send({ do: 'say', data });
    const others = peers.filter((peer) => peer.child !== child);
    const heard = others.map((other) =>
      other.child.waitFor(({ from, data: said }) => from === id && said === data, SLOW),
    );
    await Promise.all(heard);
  }
}
