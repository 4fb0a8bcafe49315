import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';
import { Injectable } from '@nestjs/common';
import proxyAddr from '@fastify/proxy-addr';
import ipaddr from 'ipaddr.js';
import { Settings } from '../../config/settings.js';

/** How some proxies write an address, Azure's and IIS among them: `203.0.113.9:4711`, `[2001:db8::1]:4711`. */
const WITH_PORT = /^(?:([\d.]+):\d+|\[(.+)\](?::\d+)?)$/;

/** Who a request comes from, as limits count it: the same for plain requests and upgrades. */
@Injectable()
export class ClientAddress {
  private readonly trusted: ((address: string, index: number) => boolean) | undefined;

  constructor(settings: Settings) {
    const { trustProxy } = settings;
    if (trustProxy.length === 0) return;
    const isTrusted = proxyAddr.compile([...trustProxy]);
    this.trusted = (address, index) => isTrusted(withoutPort(address), index);
  }

  /**
   * The key under which the client is counted. X-Forwarded-For is read only from proxies in TRUST_PROXY; then the
   * rightmost address that is not such a proxy itself counts.
   */
  of(request: IncomingMessage): string {
    const remote = request.socket.remoteAddress ?? 'unknown';
    const address = this.trusted ? withoutPort(proxyAddr(request, this.trusted)) : remote;
    return addressKey(address) ?? addressKey(remote) ?? remote;
  }
}

function withoutPort(address: string): string {
  const [, v4, v6] = WITH_PORT.exec(address) ?? [];
  return v4 ?? v6 ?? address;
}

/**
 * IPv4 addresses as they are (also when mapped into IPv6); IPv6 by their /64, which is what one subscriber gets, so that
 * nobody evades a limit by walking through their own network.
 */
export function addressKey(address: string): string | undefined {
  if (isIPv4(address)) return address;
  if (!isIPv6(address) || !ipaddr.isValid(address)) return undefined;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  return `${parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}
