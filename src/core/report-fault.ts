import type { Logger } from '@nestjs/common';
import { ApiError } from './errors.js';

/** Logs what went wrong; not that something is out of reach, which whoever watches it has logged already, and once. */
export function reportFault(logger: Logger, error: unknown): void {
  if (error instanceof ApiError && error.code === 'unavailable') logger.debug(error.message);
  else logger.error(error);
}
