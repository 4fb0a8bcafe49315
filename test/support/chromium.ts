import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';

/**
 * Debian's Chromium, headless, without the connections it makes on its own; as root it has no sandbox. WebRTC leaves
 * loopback out unless it is told not to, and a build machine may have no other network. Its microphone beeps.
 */
const FLAGS = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
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
  /** Closes the pages, for `afterEach`. */
  closePages(): Promise<void>;
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
  const pages: Page[] = [];
  return {
    async page() {
      const page = await browser.newPage();
      pages.push(page);
      await page.goto(origin);
      return page;
    },
    async closePages() {
      await Promise.all(pages.splice(0).map((page) => page.close()));
    },
    async close() {
      await browser.close();
      site.close();
    },
  };
}
