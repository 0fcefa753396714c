import { Body, Controller, HttpCode, Param, Post, UseFilters } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { NOBODY } from '../parties/caller.js';
import { BookingErrorFilter } from './booking-error.filter.js';
import { BookingStore } from './booking.store.js';
import { CancelOrderDto } from './dto/cancel-order.dto.js';
import { OrderCancellationService } from './order-cancellation.service.js';
import { viewOrder } from './order.view.js';

/** What airlines do to orders. Like all of `/supplier`, for our own connectors: a real service keeps it off the internet. */
@Controller('supplier/orders')
@UseFilters(BookingErrorFilter)
export class SupplierOrdersController {
  constructor(
    private readonly cancellation: OrderCancellationService,
    private readonly bookings: BookingStore,
    private readonly dataSource: DataSource,
  ) {}

  @Post(':id/cancel')
  @HttpCode(200)
  async cancel(@Param('id') agwId: string, @Body() request: CancelOrderDto) {
    const { consumerId } = await this.bookings.keyOf(this.dataSource.manager, { agwId });
    return viewOrder(await this.cancellation.cancel(agwId, request, { ...NOBODY, consumerId }, 'airline'));
  }
}
