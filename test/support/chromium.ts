import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';

/** Debian's Chromium, headless, without the connections it makes on its own; as root it has no sandbox. */
const FLAGS = [
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
  const browser: Browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
  return {
    async page() {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${port}/`);
      return page;
    },
    async close() {
      await browser.close();
      site.close();
    },
  };
}
