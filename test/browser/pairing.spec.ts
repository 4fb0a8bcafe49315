import { type Chromium, startChromium } from '../support/chromium.js';
import { type RunningApp, startApp } from '../support/start-app.js';
import { connectPeer } from './peer.js';

let app: RunningApp;
let chromium: Chromium;

beforeAll(async () => {
  [app, chromium] = await Promise.all([startApp(), startChromium()]);
}, 60_000);

afterAll(async () => {
  await chromium.close();
  await app.close();
});

describe('two pages of another origin', () => {
  it('pair by code and talk over a data channel', async () => {
    const [alice, bob] = await Promise.all([chromium.page(), chromium.page()]);
    const code = await alice.evaluate(async (http) => {
      const response = await fetch(`${http}/rendezvous/code`, { method: 'POST' });
      return (await response.json()) as { code: string; appID: string };
    }, app.http);
    const redeemed = await bob.evaluate(
      async (http, code) => {
        const headers = { 'Content-Type': 'application/json' };
        const response = await fetch(`${http}/rendezvous/redeem`, {
          method: 'POST',
          headers,
          body: JSON.stringify({ code }),
        });
        return (await response.json()) as { appID: string };
      },
      app.http,
      code.code,
    );
    expect(redeemed.appID).toBe(code.appID);
    const [heardByAlice, heardByBob] = await Promise.all([
      alice.evaluate(connectPeer, `${app.ws}/ws?appID=${code.appID}&side=A`, 'A'),
      bob.evaluate(connectPeer, `${app.ws}/ws?appID=${redeemed.appID}&side=B`, 'B'),
    ]);
    expect(heardByAlice).toBe('hello from B');
    expect(heardByBob).toBe('hello from A');
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
