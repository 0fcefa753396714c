import { Module } from '@nestjs/common';
import { OrdersModule } from '../orders/orders.module.js';
import { ScheduleChangesController } from './schedule-changes.controller.js';
import { ScheduleChangesService } from './schedule-changes.service.js';

/** Airlines move and cancel flights. */
@Module({
  imports: [OrdersModule],
  controllers: [ScheduleChangesController],
  providers: [ScheduleChangesService],
})
export class ScheduleChangesModule {}
