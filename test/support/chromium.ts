import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';

/**
 * Debian's Chromium, headless, without the connections it makes on its own; as root it has no sandbox. WebRTC leaves
 * loopback out unless it is told not to, and a build machine may have no other network.
 */
const FLAGS = [
  '--allow-loopback-in-peer-connection',
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
];

export interface Chromium {
  /** A page of an origin that is not the server's. */
  page(): Promise<Page>;
  close(): Promise<void>;
}

export async function startChromium(): Promise<Chromium> {
  const site = createServer((_, response) =>
    response.setHeader('Content-Type', 'text/html').end('<title>peer</title>'),
  );
  await new Promise<void>((listening) => site.listen(0, '127.0.0.1', listening));
  const { port } = site.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const browser: Browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
  // A page that may not use the microphone is shown no network but the one of the default route.
  await browser.defaultBrowserContext().overridePermissions(origin, ['microphone', 'camera']);
  return {
    async page() {
      const page = await browser.newPage();
      await page.goto(origin);
      return page;
    },
    async close() {
      await browser.close();
      site.close();
    },
  };
}
