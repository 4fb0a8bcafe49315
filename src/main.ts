#!/usr/bin/env node
import { ConsoleLogger, Logger, type LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { appOptions, configureApp, httpAdapter } from './app.setup.js';
import { runCommandLine } from './command-line.js';
import { parseSettings, SettingsError } from './config/parse-settings.js';
import type { Settings } from './config/settings.js';

const LEVELS: LogLevel[] = ['error', 'warn', 'log', 'debug'];
const SHOWN = { error: 1, warn: 2, info: 3, debug: 4 };

if (!runCommandLine(process.argv.slice(2))) await serve();

async function serve(): Promise<void> {
  try {
    const settings = parseSettings(process.env); // the adapter needs them before there is a container that has them
    const module = AppModule.forRoot(process.env);
    const logger = loggerFor(settings);
    const app = await NestFactory.create<NestFastifyApplication>(module, httpAdapter(settings), {
      ...appOptions,
      logger,
    });
    await configureApp(app);
    // The library raises the signal again once all is closed, which would end a clean stop with an error status.
    app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
    await app.listen(settings.port, settings.host);
    new Logger('signalbox').log(`listening on ${await app.getUrl()}`);
  } catch (error) {
    fail(error);
  }
}

function loggerFor({ logLevel }: Settings): ConsoleLogger {
  const json = process.env['NODE_ENV'] === 'production';
  return new ConsoleLogger('signalbox', { logLevels: LEVELS.slice(0, SHOWN[logLevel]), json });
}

function fail(error: unknown): void {
  console.error(error instanceof SettingsError ? error.message : `signalbox: ${String(error)}`);
  process.exit(1);
}
