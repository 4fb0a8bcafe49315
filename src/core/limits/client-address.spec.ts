import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { parseSettings } from '../../config/parse-settings.js';
import { addressKey, ClientAddress } from './client-address.js';

const believing = (TRUST_PROXY: string): ClientAddress => new ClientAddress(parseSettings({ TRUST_PROXY }));
const nobody = believing('');

function clientOf(remoteAddress: string | undefined, forwardedFor?: string, addresses = nobody): string {
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
  return addresses.of({ socket: { remoteAddress }, headers } as IncomingMessage);
}

describe('the client without trusted proxies', () => {
  it('is who connected, whatever the headers say', () => {
    expect(clientOf('192.0.2.1')).toBe('192.0.2.1');
    expect(clientOf('192.0.2.1', '203.0.113.9')).toBe('192.0.2.1');
    expect(clientOf('127.0.0.1', '203.0.113.9')).toBe('127.0.0.1');
  });

  it('is one and the same for all whose socket is gone already', () => {
    expect(clientOf(undefined)).toBe(clientOf(undefined, '203.0.113.9'));
  });
});

describe('the client behind trusted proxies', () => {
  const trust = believing('10.0.0.0/8,2001:db8:ffff::/48');

  it.each([
    ['who the proxy names', '10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['the rightmost address that is no proxy itself', '10.0.0.1', '1.1.1.1, 203.0.113.9, 10.0.0.2', '203.0.113.9'],
    ['not what the client wrote in front', '10.0.0.1', '10.9.9.9, 6.6.6.6, 203.0.113.9', '203.0.113.9'],
    ['the leftmost proxy where there are only proxies', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['the proxy itself where it names nobody', '10.0.0.1', undefined, '10.0.0.1'],
    ['found as well when the proxy comes mapped into IPv6', '::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['found behind an IPv6 proxy', '2001:db8:ffff::1', '203.0.113.9', '203.0.113.9'],
    ['counted by its /64', '10.0.0.1', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['named without spaces around', '10.0.0.1', ' 203.0.113.9 ', '203.0.113.9'],
    ['named without its port, as Azure writes it', '10.0.0.1', '203.0.113.9:4711, 10.0.0.2:80', '203.0.113.9'],
    ['named without port and brackets', '10.0.0.1', '[2001:db8:1:2::3]:4711', '2001:db8:1:2::/64'],
    ['named without brackets', '10.0.0.1', '[2001:db8:1:2::3]', '2001:db8:1:2::/64'],
  ])('is %s', (_, remote, forwarded, client) => {
    expect(clientOf(remote, forwarded, trust)).toBe(client);
  });

  it('is who connected where that is no trusted proxy', () => {
    expect(clientOf('203.0.113.9', '1.1.1.1', trust)).toBe('203.0.113.9');
    expect(clientOf('::ffff:203.0.113.9', '1.1.1.1', trust)).toBe('203.0.113.9');
  });

  it.each(['unknown', '_hidden', '', 'x'.repeat(100), '203.0.113.9:4711 ?', '203.0.113.9:', '[::1', '[x]:80', ':80'])(
    'is the proxy where the header names no address: %j',
    (forwarded) => {
      expect(clientOf('10.0.0.1', forwarded, trust)).toBe('10.0.0.1');
    },
  );

  it('is some key of bounded length, whatever the header holds', () => {
    fc.assert(
      fc.property(fc.string(), (forwarded) => {
        expect(clientOf('10.0.0.1', forwarded, trust).length).toBeLessThanOrEqual(45);
      }),
    );
  });
});

describe('addressKey', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:0201', '192.0.2.1'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:0DB8:0000:0000:ffff:ffff:ffff:ffff', '2001:db8:0:0::/64'],
    ['2001:db8:0:1::1', '2001:db8:0:1::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('of %s is %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  it('of what is no address is undefined', () => {
    for (const text of ['', 'unknown', 'localhost', '1.2.3.4:80', '[::1]:80', '::g', '1:2:3'])
      expect(addressKey(text)).toBeUndefined();
  });

  it('is the same for all IPv6 addresses of a /64 however they are written, and another for any other', () => {
    const group = fc.oneof(fc.constant(0), fc.nat({ max: 0xffff }));
    const network = fc.tuple(fc.integer({ min: 1, max: 0xffff }), group, group, group);
    const host = fc.tuple(group, group, group, group);
    fc.assert(
      fc.property(network, network, host, host, (one, other, here, there) => {
        const key = addressKey(written(...one, ...here));
        expect(addressKey(shortened(...one, ...there))).toBe(key);
        expect(addressKey(written(...one, ...there).toUpperCase())).toBe(key);
        if (String(one) !== String(other)) expect(addressKey(shortened(...other, ...here))).not.toBe(key);
      }),
    );
  });
});

function written(...groups: number[]): string {
  return groups.map((group) => group.toString(16)).join(':');
}

function shortened(...groups: number[]): string {
  return new URL(`http://[${written(...groups)}]`).hostname.slice(1, -1);
}
