#!/usr/bin/env node
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { version } from './command-line.js';
import { SettingsModule } from './config/config.module.js';
import { type Environment, parseSettings } from './config/parse-settings.js';
import { CoreModule } from './core/core.module.js';
import { JanitorModule } from './janitor/janitor.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { type Command, parseCommandLine, USAGE, UsageError } from './sigver/command-line.js';
import { SigverModule } from './sigver/sigver.module.js';
import { loggerFor, startup, stopOnSignals } from './startup.js';
import { StorageModule } from './storage/storage.module.js';

/** Sigver by itself: its own port is all that listens, as there is no HTTP side to this application. */
@Module({ imports: [CoreModule, StorageModule, MetricsModule, JanitorModule, SigverModule] })
class SigverCommandModule {}

const command = readCommand();
if (command === 'help') console.log(USAGE);
else if (command === 'version') console.log(version());
else if (command) await startup('sigver', () => serve(command.serve));

async function serve(environment: Environment): Promise<void> {
  const logger = loggerFor(parseSettings(environment));
  const module = { module: SigverCommandModule, imports: [SettingsModule.forRoot(environment)] };
  const app = await NestFactory.createApplicationContext(module, { logger, abortOnError: false });
  stopOnSignals(app);
}

function readCommand(): Command | undefined {
  try {
    return parseCommandLine(process.argv.slice(2), process.env);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`sigver: ${error.message}\n\n${USAGE}`);
    process.exitCode = 2;
    return undefined;
  }
}
