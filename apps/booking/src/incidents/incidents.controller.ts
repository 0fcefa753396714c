import { Body, Controller, HttpCode, Param, Patch, Post, UseFilters } from '@nestjs/common';
import { BookingErrorFilter } from '../orders/booking-error.filter.js';
import { DetectIncidentDto, UpdateIncidentDto } from './dto/incident.dto.js';
import { viewIncident } from './incident.view.js';
import { IncidentsService } from './incidents.service.js';

/** Where classifiers and reconciliation jobs report, and operations answer. */
@Controller('supplier/incidents')
@UseFilters(BookingErrorFilter)
export class IncidentsController {
  constructor(private readonly incidents: IncidentsService) {}

  @Post()
  @HttpCode(200)
  async detect(@Body() request: DetectIncidentDto) {
    return viewIncident(await this.incidents.detect(request));
  }

  @Patch(':id')
  async update(@Param('id') id: string, @Body() request: UpdateIncidentDto) {
    return viewIncident(await this.incidents.update(id, request));
  }
}
