import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { Janitor } from './janitor.service.js';

/** Gives back the memory of what has ended, in whatever store. */
@Module({ imports: [DiscoveryModule, ScheduleModule.forRoot()], providers: [Janitor] })
export class JanitorModule {}
