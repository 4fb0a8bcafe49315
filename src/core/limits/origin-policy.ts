import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Settings } from '../../config/settings.js';

/** Which browsers may call, by their Origin header. */
@Injectable()
export class OriginPolicy implements OnModuleInit {
  private readonly logger = new Logger(OriginPolicy.name);
  private readonly everyone: boolean;
  private readonly entries: ReadonlySet<string>;

  constructor({ dev, corsOrigins }: Settings) {
    this.everyone = dev;
    // `*` is no wildcard in the reference server either: it stands for the empty list.
    this.entries = new Set(corsOrigins.filter((entry) => entry !== '*').map((entry) => entry.toLowerCase()));
  }

  /** No Origin, no browser: allowed. With DEV everyone is; otherwise the origin or its host name must be an entry. */
  allows(origin: string | undefined): boolean {
    if (origin === undefined || this.everyone) return true;
    return this.entries.has(origin.toLowerCase()) || this.entries.has(hostName(origin));
  }

  onModuleInit(): void {
    if (this.everyone || this.entries.size > 0) return;
    this.logger.warn('DEV is false and CORS_ORIGINS names no origin: every browser is refused');
  }
}

function hostName(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).hostname.toLowerCase() : '';
}
