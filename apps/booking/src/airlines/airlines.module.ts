import { Module } from '@nestjs/common';
import { AirlineStatusMapper } from '../webhooks/airline-status.mapper.js';
import { AirlinesController } from './airlines.controller.js';
import { AirlinesService } from './airlines.service.js';

/** Which airlines can be booked. */
@Module({
  controllers: [AirlinesController],
  providers: [AirlinesService, AirlineStatusMapper],
})
export class AirlinesModule {}
