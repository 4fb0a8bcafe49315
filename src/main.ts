#!/usr/bin/env node
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { appOptions, configureApp, httpAdapter } from './app.setup.js';
import { runCommandLine } from './command-line.js';
import { parseSettings } from './config/parse-settings.js';
import { loggerFor, stopOnSignals, startup } from './startup.js';

if (!runCommandLine(process.argv.slice(2))) await startup('signalbox', serve);

async function serve(): Promise<void> {
  const settings = parseSettings(process.env); // the adapter needs them before there is a container that has them
  const module = AppModule.forRoot(process.env);
  const logger = loggerFor(settings);
  const app = await NestFactory.create<NestFastifyApplication>(module, httpAdapter(settings), {
    ...appOptions,
    logger,
  });
  await configureApp(app);
  stopOnSignals(app);
  await app.listen(settings.port, settings.host);
  new Logger('signalbox').log(`listening on ${await app.getUrl()}`);
}
