import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Degradable } from '../core/degradable.js';

/** What is out of order without making the node unready. */
@Injectable()
export class Degradations implements OnModuleInit {
  private parts: Degradable[] = [];

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    const instances: unknown[] = this.discovery.getProviders().map(({ instance }) => instance as unknown);
    this.parts = [...new Set(instances.filter((instance) => instance instanceof Degradable))];
  }

  /** `{details: {<part>: …}}`, or nothing at all. */
  found(): { details?: Record<string, object> } {
    const entries = this.parts.map((each) => [each.part, each.degradation()] as const).filter(([, found]) => found);
    return entries.length > 0 ? { details: Object.fromEntries(entries) as Record<string, object> } : {};
  }
}
