import { randomUUID } from 'node:crypto';
import { FakeClock } from '../support/fake-clock.js';
import { http } from '../support/raw-http.js';
import { type RunningApp, startApp } from '../support/start-app.js';
import { dropSockets, refusal, WsClient } from '../support/ws-client.js';

jest.setTimeout(30_000);

// One request, or one handshake, per minute and address: the second from one address is refused, so the answers tell
// whom the server took for the client.
const ONE_EACH = { HTTP_RATE_PER_MIN: '1', WS_RATE_PER_MIN: '1' };

describe.each(['requests', 'upgrades'] as const)('X-Forwarded-For of %s', (kind) => {
  let server: RunningApp | undefined;

  const start = async (trustProxy: string) =>
    (server = await startApp({ ...ONE_EACH, TRUST_PROXY: trustProxy }, new FakeClock()));
  afterEach(async () => {
    dropSockets();
    await server?.close();
    server = undefined;
  });

  /** Whether somebody who comes with this header is let in. */
  const enters = async (forwarded?: string): Promise<boolean> => {
    const headers: Record<string, string> = forwarded === undefined ? {} : { 'X-Forwarded-For': forwarded };
    if (kind === 'requests') return (await http(server!).post('/rendezvous/code').set(headers)).status === 200;
    const url = `${server!.ws}/ws?appID=${randomUUID()}&side=A`;
    try {
      await WsClient.open(url, { headers });
      return true;
    } catch {
      expect((await refusal(url, { headers })).status).toBe(429);
      return false;
    }
  };

  it('is ignored while no proxy is trusted', async () => {
    await start('');
    expect(await enters('203.0.113.1')).toBe(true);
    expect(await enters('203.0.113.2')).toBe(false);
    expect(await enters()).toBe(false);
  });

  it('is ignored from an address that is not a trusted proxy', async () => {
    await start('10.0.0.0/8');
    expect(await enters('203.0.113.1')).toBe(true);
    expect(await enters('203.0.113.2')).toBe(false);
  });

  it('names the client when it comes from a trusted proxy', async () => {
    await start('127.0.0.0/8');
    expect(await enters('203.0.113.1')).toBe(true);
    expect(await enters('203.0.113.2')).toBe(true);
    expect(await enters('203.0.113.1')).toBe(false);
  });

  it('counts the proxy itself when there is none', async () => {
    await start('loopback');
    expect(await enters()).toBe(true);
    expect(await enters()).toBe(false);
    expect(await enters('203.0.113.1')).toBe(true);
  });

  it('counts by the rightmost address: what the client wrote in front of it does not help', async () => {
    await start('loopback');
    expect(await enters('1.1.1.1, 203.0.113.1')).toBe(true);
    expect(await enters('2.2.2.2, 203.0.113.1')).toBe(false);
    expect(await enters('127.0.0.1, 203.0.113.1')).toBe(false);
    expect(await enters('203.0.113.1,203.0.113.2')).toBe(true);
  });

  it('passes over further trusted proxies', async () => {
    await start('loopback, 10.0.0.0/8');
    expect(await enters('203.0.113.1, 10.1.2.3')).toBe(true);
    expect(await enters('203.0.113.2, 10.1.2.3')).toBe(true);
    expect(await enters('203.0.113.1, 10.9.9.9, 10.1.2.3')).toBe(false);
  });

  it('does not pass over an untrusted one to a trusted one in front of it', async () => {
    await start('loopback, 10.0.0.0/8');
    expect(await enters('10.5.5.5, 203.0.113.1')).toBe(true);
    expect(await enters('10.6.6.6, 203.0.113.1')).toBe(false);
  });

  it.each(['unknown', 'a, b, c', '203.0.113.256', '::g', '_hidden', '-'])(
    'does not let "%s" be a new client each time',
    async (junk) => {
      await start('loopback');
      expect(await enters(junk)).toBe(true);
      expect(await enters(`x${junk}`)).toBe(false);
      expect(await enters()).toBe(false);
    },
  );

  it('counts IPv6 by /64, in whichever way it is written', async () => {
    await start('loopback');
    expect(await enters('2001:db8:0:1::1')).toBe(true);
    expect(await enters('2001:0DB8:0000:0001:ffff::9')).toBe(false);
    expect(await enters('2001:db8:0:2::1')).toBe(true);
  });

  it('counts an IPv4 address mapped into IPv6 as itself', async () => {
    await start('loopback');
    expect(await enters('203.0.113.7')).toBe(true);
    expect(await enters('::ffff:203.0.113.7')).toBe(false);
    expect(await enters('::ffff:203.0.113.8')).toBe(true);
  });
});
