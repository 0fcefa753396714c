import { Module } from '@nestjs/common';
import { OrdersModule } from '../orders/orders.module.js';
import { IncidentsController } from './incidents.controller.js';
import { IncidentsService } from './incidents.service.js';

/** What operations must look at. */
@Module({
  imports: [OrdersModule],
  controllers: [IncidentsController],
  providers: [IncidentsService],
})
export class IncidentsModule {}
