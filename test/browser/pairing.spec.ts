import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Chromium, startChromium } from '../support/chromium.js';
import { type RunningApp, startApp } from '../support/start-app.js';

const README = readFileSync(resolve(__dirname, '../../README.md'), 'utf8');

let app: RunningApp;
let chromium: Chromium;

beforeAll(async () => {
  [app, chromium] = await Promise.all([startApp(), startChromium()]);
}, 60_000);

afterAll(async () => {
  await chromium.close();
  await app.close();
});

/** What a page says on the channel that it gets, and the first thing it hears. */
function talk(name: string, channel: string): string {
  const [, snippet] = /```js\n(.*?)```/s.exec(README)!;
  return `(async () => {
    ${snippet}
    const channel = await ${channel};
    return new Promise((resolve) => {
      channel.onmessage = ({ data }) => resolve(data);
      channel.send('hello from ${name}');
    });
  })()`;
}

describe('two pages of another origin', () => {
  it('pair by code and talk over a data channel, with the page of the README', async () => {
    const [alice, bob] = await Promise.all([chromium.page(), chromium.page()]);
    const heardByAlice = alice.evaluate(talk('Alice', `host('${app.http}', (code) => (window.code = code))`));
    const code = await alice.waitForFunction('window.code', { timeout: 30_000 });
    const heardByBob = bob.evaluate(talk('Bob', `join('${app.http}', '${String(await code.jsonValue())}')`));
    expect(await Promise.all([heardByAlice, heardByBob])).toEqual(['hello from Bob', 'hello from Alice']);
  }, 60_000);

  it('can read why a redeem failed', async () => {
    const page = await chromium.page();
    const answer = await page.evaluate(async (http) => {
      const headers = { 'Content-Type': 'application/json' };
      const response = await fetch(`${http}/rendezvous/redeem`, {
        method: 'POST',
        headers,
        body: '{"code":"00000000"}',
      });
      return { status: response.status, text: await response.text() };
    }, app.http);
    expect(answer).toEqual({ status: 410, text: 'gone\n' });
  }, 60_000);
});
