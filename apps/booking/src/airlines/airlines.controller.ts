import { Body, Controller, HttpCode, Put } from '@nestjs/common';
import { AirlinesService } from './airlines.service.js';
import { AirlineStatusDto } from './dto/airline-status.dto.js';

/** Where our monitoring says what airlines can do. */
@Controller('supplier/airlines')
export class AirlinesController {
  constructor(private readonly airlines: AirlinesService) {}

  @Put()
  @HttpCode(204)
  setStatus(@Body() { airlines, status }: AirlineStatusDto): Promise<void> {
    return this.airlines.setStatus(airlines, status);
  }
}
