import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '../parties/caller.js';
import { CallerGuard } from '../parties/caller.guard.js';
import { CurrentCaller } from '../parties/current-caller.decorator.js';
import { BookingErrorFilter } from './booking-error.filter.js';
import { BookingStore } from './booking.store.js';
import { AddSeatsDto } from './dto/add-seats.dto.js';
import { AddServicesDto } from './dto/add-services.dto.js';
import { CancelOrderDto } from './dto/cancel-order.dto.js';
import { ChangeOrderDto } from './dto/change-order.dto.js';
import { CreateOrderDto } from './dto/create-order.dto.js';
import { TicketOrderDto } from './dto/ticket-order.dto.js';
import { OrderCancellationService } from './order-cancellation.service.js';
import { OrderChangesService } from './order-changes.service.js';
import { OrderCreationService } from './order-creation.service.js';
import { OrderTicketingService } from './order-ticketing.service.js';
import { viewOrder } from './order.view.js';

/** `/orders`, where `:id` is our own order number. */
@Controller('orders')
@UseGuards(CallerGuard)
@UseFilters(BookingErrorFilter)
export class OrdersController {
  constructor(
    private readonly creation: OrderCreationService,
    private readonly changes: OrderChangesService,
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

  @Patch(':id')
  async change(@Param('id') agwId: string, @Body() request: ChangeOrderDto, @CurrentCaller() caller: Caller) {
    return viewOrder(await this.changes.change(agwId, request, caller));
  }

  @Post(':id/services')
  async addServices(
    @Param('id') agwId: string,
    @Body() { services: add }: AddServicesDto,
    @CurrentCaller() caller: Caller,
  ) {
    return viewOrder(await this.changes.change(agwId, { services: { add } }, caller));
  }

  @Delete(':id/services/:ref')
  async removeService(
    @Param('id') agwId: string,
    @Param('ref') ref: string,
    @CurrentCaller() caller: Caller,
  ) {
    return viewOrder(await this.changes.change(agwId, { services: { remove: [ref] } }, caller));
  }

  @Post(':id/seats')
  async addSeats(
    @Param('id') agwId: string,
    @Body() { seats: add }: AddSeatsDto,
    @CurrentCaller() caller: Caller,
  ) {
    return viewOrder(await this.changes.change(agwId, { seats: { add } }, caller));
  }

  @Delete(':id/seats/:ref')
  async releaseSeat(@Param('id') agwId: string, @Param('ref') ref: string, @CurrentCaller() caller: Caller) {
    return viewOrder(await this.changes.change(agwId, { seats: { remove: [ref] } }, caller));
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
