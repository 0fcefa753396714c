import { Module } from '@nestjs/common';
import { OrdersModule } from '../orders/orders.module.js';
import { EmailsController } from './emails.controller.js';
import { EmailsService } from './emails.service.js';

/** The mailbox we book with. */
@Module({
  imports: [OrdersModule],
  controllers: [EmailsController],
  providers: [EmailsService],
})
export class EmailsModule {}
