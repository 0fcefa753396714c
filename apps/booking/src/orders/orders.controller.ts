import { Body, Controller, Get, HttpCode, Param, Post, UseFilters, UseGuards } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '../parties/caller.js';
import { CallerGuard } from '../parties/caller.guard.js';
import { CurrentCaller } from '../parties/current-caller.decorator.js';
import { BookingErrorFilter } from './booking-error.filter.js';
import { BookingStore } from './booking.store.js';
import { AddSeatsDto } from './dto/add-seats.dto.js';
import { AddServicesDto } from './dto/add-services.dto.js';
import { CancelOrderDto } from './dto/cancel-order.dto.js';
import { CreateOrderDto } from './dto/create-order.dto.js';
import { TicketOrderDto } from './dto/ticket-order.dto.js';
import { OrderCancellationService } from './order-cancellation.service.js';
import { OrderCreationService } from './order-creation.service.js';
import { OrderExtrasService } from './order-extras.service.js';
import { OrderTicketingService } from './order-ticketing.service.js';
import { viewOrder } from './order.view.js';

/** `/orders`, where `:id` is our own order number. */
@Controller('orders')
@UseGuards(CallerGuard)
@UseFilters(BookingErrorFilter)
export class OrdersController {
  constructor(
    private readonly creation: OrderCreationService,
    private readonly extras: OrderExtrasService,
    private readonly ticketing: OrderTicketingService,
    private readonly cancellation: OrderCancellationService,
    private readonly bookings: BookingStore,
    private readonly dataSource: DataSource,
  ) {}

  @Post()
  async create(@Body() request: CreateOrderDto, @CurrentCaller() caller: Caller) {
    return viewOrder(await this.creation.create(request, caller));
  }

  @Get(':id')
  async read(@Param('id') agwId: string, @CurrentCaller() { consumerId }: Caller) {
    return viewOrder(await this.bookings.read(this.dataSource.manager, { agwId, consumerId }));
  }

  @Post(':id/services')
  async addServices(
    @Param('id') agwId: string,
    @Body() request: AddServicesDto,
    @CurrentCaller() caller: Caller,
  ) {
    return viewOrder(await this.extras.addServices(agwId, request, caller));
  }

  @Post(':id/seats')
  async addSeats(@Param('id') agwId: string, @Body() request: AddSeatsDto, @CurrentCaller() caller: Caller) {
    return viewOrder(await this.extras.addSeats(agwId, request, caller));
  }

  @Post(':id/ticket')
  @HttpCode(200)
  async ticket(@Param('id') agwId: string, @Body() request: TicketOrderDto, @CurrentCaller() caller: Caller) {
    return viewOrder(await this.ticketing.ticket(agwId, request, caller));
  }

  @Post(':id/cancel')
  @HttpCode(200)
  async cancel(@Param('id') agwId: string, @Body() request: CancelOrderDto, @CurrentCaller() caller: Caller) {
    return viewOrder(await this.cancellation.cancel(agwId, request, caller));
  }
}
