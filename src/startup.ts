import { ConsoleLogger, type INestApplicationContext, type LogLevel } from '@nestjs/common';
import { SettingsError } from './config/parse-settings.js';
import type { Settings } from './config/settings.js';

const LEVELS: LogLevel[] = ['error', 'warn', 'log', 'debug'];
const SHOWN = { error: 1, warn: 2, info: 3, debug: 4 };

/** Runs what starts a server. What goes wrong is told in a line, without a stack, and ends the process with status 1. */
export async function startup(name: string, start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    console.error(error instanceof SettingsError ? error.message : `${name}: ${String(error)}`);
    process.exit(1);
  }
}

/** For people, or, in production, JSON for machines. */
export function loggerFor({ logLevel }: Settings): ConsoleLogger {
  const json = process.env['NODE_ENV'] === 'production';
  return new ConsoleLogger('signalbox', { logLevels: LEVELS.slice(0, SHOWN[logLevel]), json });
}

/** SIGTERM and SIGINT close the application. */
export function stopOnSignals(app: INestApplicationContext): void {
  // The library raises the signal again once all is closed, which would end a clean stop with an error status.
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
}
