import type { DiscoveryService } from '@nestjs/core';

/** Every provider of a kind, in whichever module: each once, though it may stand under several tokens. */
export function providersOf<T extends object>(discovery: DiscoveryService, kind: abstract new () => T): T[] {
  const instances = discovery.getProviders().map(({ instance }): unknown => instance);
  return [...new Set(instances.filter((instance): instance is T => instance instanceof kind))];
}
