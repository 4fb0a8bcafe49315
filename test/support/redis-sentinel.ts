import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { freePort, RedisServer } from './redis-server.js';

/** A sentinel that decides alone: it promotes a replica when the master has been silent for a second. */
export class RedisSentinel extends RedisServer {
  private config = '';

  /** Starts one and waits until it knows the master's replicas. */
  static async watching(name: string, master: RedisServer): Promise<RedisSentinel> {
    const sentinel = new RedisSentinel(await freePort());
    sentinel.config = join(sentinel.folder, 'sentinel.conf');
    const lines = [
      'bind 127.0.0.1',
      `port ${sentinel.port}`,
      `dir ${sentinel.folder}`,
      `sentinel monitor ${name} 127.0.0.1 ${master.port} 1`,
      `sentinel down-after-milliseconds ${name} 1000`,
      `sentinel failover-timeout ${name} 5000`,
    ];
    writeFileSync(sentinel.config, lines.join('\n'));
    await sentinel.start();
    await eventually(async () => knowsReplicas(await sentinel.client.call('SENTINEL', 'replicas', name)), {
      timeout: 60_000,
    });
    return sentinel;
  }

  protected override arguments(): string[] {
    return [this.config, '--sentinel'];
  }
}

function knowsReplicas(replicas: unknown): boolean {
  return JSON.stringify(replicas).includes('"master-link-status","ok"');
}
