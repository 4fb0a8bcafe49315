import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Chromium, startChromium } from '../support/chromium.js';
import { RoomPeer } from '../support/room-peer.js';
import { type RunningApp, startApp } from '../support/start-app.js';
import { dropSockets } from '../support/ws-client.js';

const README = readFileSync(resolve(__dirname, '../../src/named-rooms/README.md'), 'utf8');

let app: RunningApp;
let chromium: Chromium;

beforeAll(async () => {
  [app, chromium] = await Promise.all([startApp(), startChromium()]);
}, 60_000);

afterAll(async () => {
  dropSockets();
  await chromium.close();
  await app.close();
});

/** What a page says on every channel, and the first thing it hears; with the function of the README. */
function talk(name: string): string {
  const [, snippet] = /```js\n(.*?)```/s.exec(README)!;
  const onChannel = `(id, channel) => {
    channel.onopen = () => channel.send('hello from ${name}');
    channel.onmessage = ({ data }) => resolve(data);
  }`;
  return `(() => {
    ${snippet}
    return new Promise((resolve, reject) => {
      joinRoom('${app.ws}', 'living-room', ${onChannel}).catch(reject);
    });
  })()`;
}

describe('two pages with the snippet of the README', () => {
  it('prove their keys, find each other in a room and talk over a data channel', async () => {
    const watcher = await RoomPeer.join(app.ws, 'living-room');
    const alice = await chromium.page();
    const heardByAlice = alice.evaluate(talk('Alice'));
    await watcher.next('peer-joined');
    const bob = await chromium.page();
    const heardByBob = bob.evaluate(talk('Bob'));
    expect(await Promise.all([heardByAlice, heardByBob])).toEqual(['hello from Bob', 'hello from Alice']);
    expect(watcher.of('peer-joined').map(({ verified }) => verified)).toEqual([true, true]);
    await bob.close();
    await watcher.next('peer-left');
  }, 60_000);
});
