import { Module } from '@nestjs/common';
import { Announcements } from './announcements.js';
import { NamedRoomsController } from './named-rooms.controller.js';
import { NamedRoomsGateway } from './named-rooms.gateway.js';
import { NamedRoomsMetrics } from './named-rooms.metrics.js';
import { NamedRoomsService } from './named-rooms.service.js';
import { Reception } from './reception.js';

/** Rooms by name: /room/:room/websocket. */
@Module({
  controllers: [NamedRoomsController],
  providers: [NamedRoomsGateway, NamedRoomsService, Reception, Announcements, NamedRoomsMetrics],
})
export class NamedRoomsModule {}
