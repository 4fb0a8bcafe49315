import { readFileSync } from 'node:fs';
import type { Page } from 'puppeteer-core';
import { type ClaimProxy, startClaimProxy } from '../support/claim-proxy.js';
import { type Chromium, startChromium } from '../support/chromium.js';
import { eventually } from '../support/eventually.js';
import { killServers, ServerProcess } from '../support/server-process.js';
import { closeAmidCandidates, type Ear, events, hangUp, listen, setGain, soundOf, speak } from './voice-page.js';

jest.setTimeout(240_000);

const PATIENCE = { timeout: 60_000, interval: 200 };
const PITCHES = { alice: 500, bob: 1000, carol: 1500, eve: 2200 };
type User = keyof typeof PITCHES;

let server: ServerProcess;
let chromium: Chromium;
let proxies: ClaimProxy[] = [];

beforeAll(async () => {
  chromium = await startChromium();
}, 60_000);
beforeEach(async () => {
  server = await ServerProcess.start({ VOICE_BIND: '127.0.0.1', DRAIN_DELAY: '0s' });
});
afterEach(async () => {
  await chromium.closePages();
  await Promise.all(proxies.map((proxy) => proxy.close()));
  proxies = [];
  await killServers();
});
afterAll(async () => chromium.close());

/** A page that speaks in a conversation, through the proxy that knows whose it is. */
async function enter(user: User, conversation: string, slots: number): Promise<Page> {
  const proxy = await startClaimProxy(server.port, user);
  proxies.push(proxy);
  const joined = await fetch(`${proxy.http}/join/${conversation}`, { method: 'POST' });
  expect(joined.status).toBe(200);
  const page = await chromium.page();
  await page.evaluate(speak, proxy.http, PITCHES[user], slots);
  return page;
}

/** Waits until the page hears the tones of these and of nobody else. */
async function hears(page: Page, ...users: User[]): Promise<Ear[]> {
  return eventually(async () => {
    const ears = await page.evaluate(listen);
    const heard = ears.filter(({ pitch }) => pitch > 0).map(({ pitch }) => nearest(pitch));
    if (heard.sort().join() !== [...users].sort().join()) throw new Error(JSON.stringify(ears));
    return ears.filter(({ pitch }) => pitch > 0);
  }, PATIENCE);
}

function nearest(pitch: number): string {
  const found = Object.entries(PITCHES).find(([, each]) => Math.abs(each - pitch) < 50);
  return found?.[0] ?? `${pitch} Hz`;
}

describe('the page in the README', () => {
  it('joins a conversation, speaks into its microphone, and hears another', async () => {
    const [, script] = /```js\n([^]*?)```/.exec(readFileSync('src/voice/README.md', 'utf8'))!;
    const pages = await Promise.all(
      ['alice', 'bob'].map(async (user) => {
        const proxy = await startClaimProxy(server.port, user);
        proxies.push(proxy);
        const page = await chromium.page();
        await page.evaluate(
          `${script}; void talk(${JSON.stringify(proxy.http)}, 'room').then((peer) => { window.peer = peer; });`,
        );
        return page;
      }),
    );
    for (const page of pages) {
      await eventually(async () => {
        const heard = await page.evaluate(soundOf, 'peer');
        expect(heard.packets).toBeGreaterThan(50);
        expect(heard.energy).toBeGreaterThan(0); // the fake microphone beeps once a second
      }, PATIENCE);
    }
  });
});

describe('voices between browsers', () => {
  it('reach everybody in the conversation at once, and nobody in another', async () => {
    const [alice, bob, carol] = [
      await enter('alice', 'room', 1),
      await enter('bob', 'room', 1),
      await enter('carol', 'room', 1),
    ];
    const eve = await enter('eve', 'elsewhere', 1);
    for (const ear of await hears(alice, 'bob', 'carol')) {
      expect(ear.packets).toBeGreaterThan(0);
      expect(ear.energy).toBeGreaterThan(0);
    }
    await hears(bob, 'alice', 'carol');
    await hears(carol, 'alice', 'bob');
    expect((await eve.evaluate(listen)).map(({ packets }) => packets)).toEqual([]);
    const users = (await carol.evaluate(events)).filter(({ type }) => type === 'slot').map(({ user }) => user);
    expect(new Set(users)).toEqual(new Set(['alice', 'bob']));
  });

  it('take turns in a single m-line, without a gap, and go on when the WebSocket is closed', async () => {
    const [alice, bob, carol] = [
      await enter('alice', 'room', 0),
      await enter('bob', 'room', 0),
      await enter('carol', 'room', 0),
    ];
    await carol.evaluate(hangUp);
    await alice.evaluate(setGain, 0);
    await hears(carol, 'bob');
    await bob.evaluate(setGain, 0);
    await alice.evaluate(setGain, 0.5);
    await hears(carol, 'alice');
    await alice.evaluate(setGain, 0);
    await bob.evaluate(setGain, 0.5);
    const [ear] = await hears(carol, 'bob');
    expect(ear).toMatchObject({ lost: 0 });
  });

  it('go on when somebody closes while candidates are still under way', async () => {
    const [alice, bob] = [await enter('alice', 'room', 0), await enter('bob', 'room', 0)];
    await hears(bob, 'alice');
    const pid = server.mediaProcess;
    for (let time = 0; time < 3; time++) {
      const eve = await enter('eve', 'elsewhere', 0);
      process.kill(pid, 'SIGSTOP'); // until both are there: the engine is quicker, and has closed before a candidate is read
      try {
        await eve.evaluate(closeAmidCandidates);
      } finally {
        process.kill(pid, 'SIGCONT');
      }
    }
    await alice.evaluate(setGain, 0);
    await hears(bob);
    await alice.evaluate(setGain, 0.5);
    await hears(bob, 'alice');
    expect(server.mediaProcess).toBe(pid);
  });
});
