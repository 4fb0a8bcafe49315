import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Degradable } from '../core/degradable.js';
import { providersOf } from '../core/providers-of.js';

/** What is out of order without making the node unready. */
@Injectable()
export class Degradations implements OnModuleInit {
  private parts: Degradable[] = [];

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    this.parts = providersOf(this.discovery, Degradable);
  }

  /** `{details: {<part>: …}}`, or nothing at all. */
  found(): { details?: Record<string, object> } {
    const entries = this.parts.map((each) => [each.part, each.degradation()] as const).filter(([, found]) => found);
    return entries.length > 0 ? { details: Object.fromEntries(entries) as Record<string, object> } : {};
  }
}
