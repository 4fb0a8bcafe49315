import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { Janitor } from './janitor.service.js';

@Module({ imports: [DiscoveryModule, ScheduleModule.forRoot()], providers: [Janitor] })
export class JanitorModule {}
