import { Body, Controller, HttpCode, Post, UseFilters } from '@nestjs/common';
import { BookingErrorFilter } from '../orders/booking-error.filter.js';
import { ScheduleChangeDto } from './dto/schedule-change.dto.js';
import { ScheduleChangesService } from './schedule-changes.service.js';

/** Where the airlines' notices arrive. */
@Controller('supplier/schedule-changes')
@UseFilters(BookingErrorFilter)
export class ScheduleChangesController {
  constructor(private readonly changes: ScheduleChangesService) {}

  @Post()
  @HttpCode(200)
  async receive(@Body() notice: ScheduleChangeDto) {
    const change = await this.changes.receive(notice);
    return { changed: change !== null, schedule_change_id: change?.id ?? null };
  }
}
